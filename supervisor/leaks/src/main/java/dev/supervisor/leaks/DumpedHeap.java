package dev.supervisor.leaks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kotlin.sequences.Sequence;
import shark.CloseableHeapGraph;
import shark.GcRoot;
import shark.HeapField;
import shark.HeapObject;
import shark.HeapObject.HeapClass;
import shark.HeapObject.HeapInstance;
import shark.HeapObject.HeapObjectArray;
import shark.HeapObject.HeapPrimitiveArray;
import shark.HprofHeapGraph;
import shark.HprofRecord.HeapDumpRecord.ObjectRecord.ClassDumpRecord;
import shark.HprofRecord.HeapDumpRecord.ObjectRecord.PrimitiveArrayDumpRecord.ByteArrayDump;
import shark.HprofRecordTag;

/**
 * A heap dump as a graph of objects that are numbered from 0. It lacks arrays of primitives, which have no references.
 * The only class that uses the library which reads dumps; never loaded in the supervisor's JVM.
 */
final class DumpedHeap implements Closeable {

    static final int NONE = -1;

    private static final String REFERENCE = "java.lang.ref.Reference";

    private final CloseableHeapGraph graph;
    private final HeapObject first;
    private final Map<Integer, Integer> threads = new HashMap<>();
    private final Map<Integer, Integer> traces = new HashMap<>();
    private final Map<Integer, HeapReference.Kind> referents = new HashMap<>();

    private DumpedHeap(CloseableHeapGraph graph) {
        this.graph = graph;
        this.first = graph.getObjects().iterator().next();
        for (GcRoot root : graph.getGcRoots()) {
            if (root instanceof GcRoot.ThreadObject thread) {
                threads.put(thread.getThreadSerialNumber(), number(thread.getId()));
                traces.put(thread.getThreadSerialNumber(), thread.getStackTraceSerialNumber());
            }
        }
    }

    static DumpedHeap open(Path file) {
        Set<HprofRecordTag> roots = EnumSet.allOf(HprofRecordTag.class);
        roots.removeIf(tag -> !tag.name().startsWith("ROOT_"));
        return new DumpedHeap(HprofHeapGraph.Companion.openHeapGraph(file.toFile(), null, roots));
    }

    int size() {
        return graph.getClassCount() + graph.getInstanceCount() + graph.getObjectArrayCount();
    }

    /**
     * Returns the object that the reference with this id refers to, or {@link #NONE} if the object has been collected;
     * empty if there is no such reference.
     */
    OptionalInt watched(String className, long id) {
        for (HeapClass type : iterable(graph.getClasses())) {
            if (!type.getName().equals(className)) {
                continue;
            }
            for (HeapInstance watch : iterable(type.getDirectInstances())) {
                if (hasId(watch, className, id)) {
                    return OptionalInt.of(field(watch.getObjectIndex(), REFERENCE, "referent"));
                }
            }
        }
        return OptionalInt.empty();
    }

    private static boolean hasId(HeapInstance watch, String className, long id) {
        HeapField field = watch.get(className, "id");
        Long value = field == null ? null : field.getValue().getAsLong();
        return value != null && value == id;
    }

    /** Returns the JVM's roots and all classes of the JDK's class loaders, the most telling kind first. */
    List<HeapRoot> roots() {
        List<HeapRoot> roots = new ArrayList<>();
        for (GcRoot root : graph.getGcRoots()) {
            int object = number(root.getId());
            if (object != NONE) {
                roots.add(root(root, object));
            }
        }
        for (int type : classes()) {
            if (isOfTheJvm(loaderOf(type))) {
                roots.add(new HeapRoot(HeapRoot.Kind.CLASS, type, 0, NONE));
            }
        }
        roots.sort(Comparator.comparing(HeapRoot::kind));
        return roots;
    }

    private static HeapRoot root(GcRoot root, int object) {
        if (root instanceof GcRoot.JavaFrame local) {
            return new HeapRoot(
                    HeapRoot.Kind.LOCAL_VARIABLE, object, local.getThreadSerialNumber(), local.getFrameNumber());
        } else if (root instanceof GcRoot.ThreadObject thread) {
            return new HeapRoot(HeapRoot.Kind.THREAD, object, thread.getThreadSerialNumber(), NONE);
        } else if (root instanceof GcRoot.StickyClass) {
            return new HeapRoot(HeapRoot.Kind.CLASS, object, 0, NONE);
        } else if (root instanceof GcRoot.JniLocal local) {
            return new HeapRoot(HeapRoot.Kind.JNI_LOCAL, object, local.getThreadSerialNumber(), local.getFrameNumber());
        } else if (root instanceof GcRoot.JniGlobal) {
            return new HeapRoot(HeapRoot.Kind.JNI_GLOBAL, object, 0, NONE);
        } else if (root instanceof GcRoot.NativeStack stack) {
            return new HeapRoot(HeapRoot.Kind.NATIVE_STACK, object, stack.getThreadSerialNumber(), NONE);
        } else if (root instanceof GcRoot.ThreadBlock block) {
            return new HeapRoot(HeapRoot.Kind.NATIVE_STACK, object, block.getThreadSerialNumber(), NONE);
        } else if (root instanceof GcRoot.MonitorUsed) {
            return new HeapRoot(HeapRoot.Kind.MONITOR, object, 0, NONE);
        }
        return new HeapRoot(HeapRoot.Kind.OTHER, object, 0, NONE);
    }

    private boolean isOfTheJvm(int loader) {
        return loader == NONE || typeOf(loader).startsWith("jdk.internal.loader.ClassLoaders$");
    }

    /** Returns all references of an object, except weak and phantom ones. */
    List<HeapReference> linksOf(int object) {
        List<HeapReference> links = new ArrayList<>();
        HeapObject from = object(object);
        if (from instanceof HeapInstance instance) {
            addFields(links, instance);
            addTo(links, HeapReference.Kind.CLASS, "", "class", instance.getInstanceClassId());
        } else if (from instanceof HeapObjectArray array) {
            long[] elements = array.readRecord().getElementIds();
            for (int i = 0; i < elements.length; i++) {
                addTo(links, HeapReference.Kind.ELEMENT, "", Integer.toString(i), elements[i]);
            }
            addTo(links, HeapReference.Kind.CLASS, "", "class", array.getArrayClassId());
        } else if (from instanceof HeapClass type) {
            addOfClass(links, type);
        }
        return links;
    }

    private void addFields(List<HeapReference> links, HeapInstance instance) {
        for (HeapField field : iterable(instance.readFields())) {
            Long id = field.getValue().getAsNonNullObjectId();
            if (id == null) {
                continue;
            }
            String owner = field.getDeclaringClass().getName();
            if (!owner.equals(REFERENCE)) {
                addTo(links, HeapReference.Kind.FIELD, owner, field.getName(), id);
            } else if (field.getName().equals("referent")) {
                addReferent(links, instance, id);
            } else if (!field.getName().equals("discovered")) { // a list of the collector
                addTo(links, HeapReference.Kind.FIELD, owner, field.getName(), id);
            }
        }
    }

    private void addReferent(List<HeapReference> links, HeapInstance reference, long id) {
        HeapReference.Kind kind = referents.computeIfAbsent(
                reference.getInstanceClass().getObjectIndex(), type -> referentOf(reference.getInstanceClass()));
        if (kind != HeapReference.Kind.FIELD) {
            addTo(links, kind, REFERENCE, "referent", id);
        }
    }

    private static HeapReference.Kind referentOf(HeapClass reference) {
        for (HeapClass type : iterable(reference.getClassHierarchy())) {
            if (type.getName().equals("java.lang.ref.SoftReference")) {
                return HeapReference.Kind.SOFT;
            } else if (type.getName().equals("java.lang.ref.FinalReference")) {
                return HeapReference.Kind.FINALIZER;
            }
        }
        return HeapReference.Kind.FIELD; // weak or phantom
    }

    private void addOfClass(List<HeapReference> links, HeapClass type) {
        for (HeapField field : iterable(type.readStaticFields())) {
            Long id = field.getValue().getAsNonNullObjectId();
            if (id != null) {
                addTo(links, HeapReference.Kind.STATIC_FIELD, type.getName(), field.getName(), id);
            }
        }
        ClassDumpRecord record = type.readRecord();
        addTo(links, HeapReference.Kind.OF_CLASS, "", "class loader", record.getClassLoaderId());
        addTo(links, HeapReference.Kind.OF_CLASS, "", "protection domain", record.getProtectionDomainId());
        addTo(links, HeapReference.Kind.OF_CLASS, "", "signers", record.getSignersId());
        addTo(links, HeapReference.Kind.OF_CLASS, "", "superclass", record.getSuperclassId());
    }

    private void addTo(List<HeapReference> links, HeapReference.Kind kind, String owner, String name, long id) {
        int target = number(id);
        if (target != NONE) {
            links.add(new HeapReference(kind, owner, name, target));
        }
    }

    private int number(long id) {
        HeapObject object = id == 0 ? null : graph.findObjectByIdOrNull(id);
        return object == null || object instanceof HeapPrimitiveArray ? NONE : object.getObjectIndex();
    }

    private HeapObject object(int number) {
        return number == 0 ? first : graph.findObjectByIndex(number); // the library refuses index 0
    }

    List<Integer> classes() {
        List<Integer> classes = new ArrayList<>(graph.getClassCount());
        for (HeapClass type : iterable(graph.getClasses())) {
            classes.add(type.getObjectIndex());
        }
        return classes;
    }

    boolean isClass(int object) {
        return object(object) instanceof HeapClass;
    }

    /** Returns the class of an object; a class itself for a class. */
    int classOf(int object) {
        HeapObject of = object(object);
        if (of instanceof HeapInstance instance) {
            return number(instance.getInstanceClassId());
        } else if (of instanceof HeapObjectArray array) {
            return number(array.getArrayClassId());
        }
        return of instanceof HeapClass ? object : NONE;
    }

    /** Returns the class loader of a class; {@link #NONE} for the boot loader. */
    int loaderOf(int type) {
        HeapObject of = object(type);
        return of instanceof HeapClass loaded ? number(loaded.readRecord().getClassLoaderId()) : NONE;
    }

    /** Returns the name of an object's class, or of the class itself. */
    String typeOf(int object) {
        HeapObject of = object(object);
        if (of instanceof HeapInstance instance) {
            return instance.getInstanceClassName();
        } else if (of instanceof HeapObjectArray array) {
            return array.getArrayClassName();
        }
        return of instanceof HeapClass type ? type.getName() : "unknown";
    }

    /** Returns the object that a field refers to, whatever the kind of reference. */
    int field(int object, String declaringClass, String name) {
        if (!(object(object) instanceof HeapInstance instance)) {
            return NONE;
        }
        HeapField field = instance.get(declaringClass, name);
        Long id = field == null ? null : field.getValue().getAsNonNullObjectId();
        return id == null ? NONE : number(id);
    }

    /** Returns the name of the static field that refers to an object, such as {@code com.acme.Reports.CURRENT}. */
    Optional<String> staticFieldWith(int object) {
        long wanted = object(object).getObjectId();
        for (HeapClass type : iterable(graph.getClasses())) {
            for (HeapField field : iterable(type.readStaticFields())) {
                Long id = field.getValue().getAsNonNullObjectId();
                if (id != null && id == wanted) {
                    return Optional.of(type.getName() + "." + field.getName());
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the name of a thread, by its serial number. */
    Optional<String> threadName(int thread) {
        return Optional.ofNullable(threads.get(thread))
                .map(object -> field(object, "java.lang.Thread", "name"))
                .filter(name -> name != NONE)
                .flatMap(this::string);
    }

    /** Returns the serial number of a thread's stack trace, or 0. */
    int traceOf(int thread) {
        return traces.getOrDefault(thread, 0);
    }

    private Optional<String> string(int object) {
        HeapInstance string = object(object).getAsInstance();
        HeapField value = string == null ? null : string.get("java.lang.String", "value");
        HeapPrimitiveArray array = value == null ? null : value.getValueAsPrimitiveArray();
        if (string == null || array == null || !(array.readRecord() instanceof ByteArrayDump bytes)) {
            return Optional.empty();
        }
        HeapField coder = string.get("java.lang.String", "coder");
        Byte isWide = coder == null ? null : coder.getValue().getAsByte();
        boolean latin = isWide == null || isWide == 0;
        return Optional.of(
                new String(bytes.getArray(), latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE));
    }

    private static <T> Iterable<T> iterable(Sequence<? extends T> sequence) {
        return () -> {
            @SuppressWarnings("unchecked")
            Iterator<T> iterator = (Iterator<T>) sequence.iterator();
            return iterator;
        };
    }

    @Override
    public void close() throws IOException {
        graph.close();
    }
}
