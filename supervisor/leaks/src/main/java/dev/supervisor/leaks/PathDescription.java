package dev.supervisor.leaks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Describes a path so that the author of the code on it can act. */
final class PathDescription {

    private static final String LOOK_HERE = "   <-- look here";
    private static final String THREAD = "java.lang.Thread";
    private static final String THREAD_LOCAL_ENTRY = "java.lang.ThreadLocal$ThreadLocalMap$Entry";
    private static final Pattern LAMBDA = Pattern.compile("\\$\\$Lambda.*");
    private static final Map<String, String> FIELDS = Map.of(
            "contextClassLoader", "context class loader",
            "inheritedAccessControlContext", "inherited access control context");

    /**
     * One line of the description. {@code isTelling}: the label tells more than the type, and so belongs in the
     * summary.
     */
    private record Step(String label, String type, int object, boolean isTelling) {}

    private final DumpedHeap heap;
    private final DumpedStacks stacks;
    private final GenerationObjects owned;
    private final String generation;
    private final HeapPath path;
    private final List<Step> steps = new ArrayList<>();

    PathDescription(DumpedHeap heap, DumpedStacks stacks, GenerationObjects owned, String generation, HeapPath path) {
        this.heap = heap;
        this.stacks = stacks;
        this.owned = owned;
        this.generation = generation;
        this.path = path;
        int next = addRoot();
        while (next < path.links().size()) {
            next = addLinks(next);
        }
    }

    /** Adds the root, and returns the index of the first link that is not described with it. */
    private int addRoot() {
        HeapRoot root = path.root();
        switch (root.kind()) {
            case CLASS -> {
                return addStaticField(root);
            }
            case THREAD -> steps.add(new Step(thread(root), typeOf(root.object()), root.object(), true));
            case LOCAL_VARIABLE -> addObjectOf("local variable in " + frame(root) + " of " + thread(root), root);
            case JNI_LOCAL, NATIVE_STACK -> addObjectOf("local variable of native code, on " + thread(root), root);
            case JNI_GLOBAL -> addObjectOf("global reference of native code (JNI)", root);
            case MONITOR -> addObjectOf("object that a thread has locked or waits for", root);
            case OTHER -> addObjectOf("kept by the JVM itself", root);
            case HIDDEN -> addObjectOf("something that a heap dump does not show", root);
        }
        return 0;
    }

    private void addObjectOf(String words, HeapRoot root) {
        steps.add(new Step(words, "", root.object(), true));
        steps.add(new Step("", typeOf(root.object()), root.object(), false));
    }

    private int addStaticField(HeapRoot root) {
        if (path.links().isEmpty() || path.links().get(0).kind() != HeapReference.Kind.STATIC_FIELD) {
            steps.add(new Step("class " + heap.typeOf(root.object()), "", root.object(), true));
            return 0;
        }
        HeapReference field = path.links().get(0);
        int end = endOfElements(1);
        int object = objectBefore(end);
        String name = field.owner() + "." + field.name();
        String label = field.name().startsWith("<") ? "constant of class " + field.owner() : "static field " + name;
        steps.add(new Step(label + indices(1, end), typeOf(object), object, true));
        return end;
    }

    private int addLinks(int first) {
        HeapReference link = path.links().get(first);
        if (link.isField(THREAD, "threadLocals") || link.isField(THREAD, "inheritableThreadLocals")) {
            return addThreadLocal(first);
        } else if (link.isField("java.lang.Throwable", "backtrace")) {
            return addFrameOfTrace();
        }
        int end = endOfElements(first + 1);
        int object = objectBefore(end);
        String label = (link.kind() == HeapReference.Kind.ELEMENT ? indices(first, first + 1) : label(link))
                + indices(first + 1, end);
        steps.add(new Step(label, typeOf(object), object, link.kind() == HeapReference.Kind.SOFT));
        return end;
    }

    /** Adds the value of a thread local, which lies behind a map, its table and an entry. */
    private int addThreadLocal(int first) {
        for (int i = first + 1; i < path.links().size(); i++) {
            HeapReference value = path.links().get(i);
            if (value.isField(THREAD_LOCAL_ENTRY, "value")) {
                String label = "its thread local" + threadLocal(objectBefore(i));
                steps.add(new Step(label, typeOf(value.target()), value.target(), true));
                return i + 1;
            }
        }
        throw new IllegalStateException("a thread local without a value");
    }

    private String threadLocal(int entry) {
        int key = heap.field(entry, "java.lang.ref.Reference", "referent");
        if (key == DumpedHeap.NONE) {
            return " (which is no more)";
        }
        return heap.staticFieldWith(key).map(field -> " " + field).orElse(" (" + typeOf(key) + ")");
    }

    /**
     * Adds a frame of a stack trace: the hidden field leads to arrays of classes, and the path ends with one of them.
     */
    private int addFrameOfTrace() {
        int type = path.end();
        steps.add(new Step("its stack trace has a frame of", typeOf(type), type, true));
        return path.links().size();
    }

    private String label(HeapReference link) {
        return switch (link.kind()) {
            case SOFT -> "softly";
            case FINALIZER -> "until it is finalized";
            default -> "its " + FIELDS.getOrDefault(link.name(), link.name());
        };
    }

    private int objectBefore(int link) {
        return link == 0 ? path.root().object() : path.links().get(link - 1).target();
    }

    /**
     * Returns the index after the array elements at this index, which are described together with the field of their
     * array.
     */
    private int endOfElements(int first) {
        int end = first;
        while (end < path.links().size() && path.links().get(end).kind() == HeapReference.Kind.ELEMENT) {
            end++;
        }
        return end;
    }

    private String indices(int first, int end) {
        StringBuilder indices = new StringBuilder();
        path.links()
                .subList(first, end)
                .forEach(link -> indices.append('[').append(link.name()).append(']'));
        return indices.toString();
    }

    private String thread(HeapRoot root) {
        return heap.threadName(root.thread())
                .filter(name -> !name.isEmpty())
                .map(name -> "thread \"" + name + "\"")
                .orElse("a thread without a name");
    }

    private String frame(HeapRoot root) {
        return stacks.frame(heap.traceOf(root.thread()), root.frame()).orElse("a frame");
    }

    private String typeOf(int object) {
        if (object == owned.loader()) {
            return "class loader of " + generation;
        }
        return (heap.isClass(object) ? "class " : "")
                + LAMBDA.matcher(heap.typeOf(object)).replaceFirst(" (a lambda)");
    }

    /** Returns one line for each step, the first without an indent. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int marked = marked();
        for (int i = 0; i < steps.size(); i++) {
            lines.add((i == 0 ? firstLine() : "  " + line(steps.get(i))) + (i == marked ? LOOK_HERE : ""));
        }
        addRest(lines);
        return lines;
    }

    private String firstLine() {
        Step first = steps.get(0);
        return first.type().isEmpty() ? first.label() : first.label() + " (" + first.type() + ")";
    }

    private static String line(Step step) {
        return step.label().isEmpty() ? step.type() : step.label() + ": " + step.type();
    }

    /** Adds the rest of the path, from an object of the generation to its class loader. */
    private void addRest(List<String> lines) {
        int object = path.end();
        if (!heap.isClass(object) && !owned.ownsLoader(object)) {
            lines.add("  its class");
        }
        int loader = owned.ownsLoader(object) ? object : heap.loaderOf(heap.classOf(object));
        if (loader != object) {
            lines.add("  " + (loader == owned.loader() ? "" : "its class loader: ") + typeOf(loader));
        }
        while (loader != owned.loader()) {
            loader = owned.parentOf(loader);
            lines.add("  its parent: " + typeOf(loader));
        }
    }

    /**
     * Returns the index of the last step outside the JDK's classes and the generation; 0, the root, if there is none.
     */
    private int marked() {
        for (int i = steps.size() - 1; i > 0; i--) {
            int object = steps.get(i).object();
            if (!owned.ownsLoader(object) && !isOfTheJdk(heap.typeOf(object))) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isOfTheJdk(String type) {
        return type.matches("(java|javax|jdk|sun|com\\.sun)\\..*|.*\\[]");
    }

    /** Returns the path in one line, without steps in which the author of the code can change nothing. */
    String summary() {
        StringBuilder summary = new StringBuilder(firstLine());
        for (Step step : steps.subList(1, steps.size())) {
            if (step.isTelling()) {
                summary.append(" -> ").append(line(step));
            } else if (step.object() == owned.loader()) {
                summary.append(" -> ").append(step.label().isEmpty() ? step.type() : step.label());
            } else if (!isInner(step.type())) {
                summary.append(" -> ").append(step.type());
            }
        }
        return summary + note();
    }

    /** Returns whether a type is an inner class of the JDK, such as a node of a collection, or an array. */
    private static boolean isInner(String type) {
        return isOfTheJdk(type) && (type.contains("$") || type.endsWith("]"));
    }

    private String note() {
        return switch (path.strength()) {
            case STRONG -> "";
            case SOFT -> " (by a soft reference only: until memory runs low)";
            case HIDDEN -> " (perhaps)";
            case PASSING -> " (until a finalizer has run, or a lock is released)";
        };
    }
}
