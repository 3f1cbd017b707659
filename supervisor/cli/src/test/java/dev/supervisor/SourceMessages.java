package dev.supervisor;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The messages that source files can print as a warning or an error, read from their syntax trees: what an exception, a
 * {@link Problem}, a logger or a method that prints an error is given. What is known only when the program runs is {@code …}.
 */
final class SourceMessages {

    /** @param place the file and the line */
    record Message(String place, String text) {}

    private static final String HOLE = "…";

    private static final int ASCII = 127;

    private static final Pattern FAILURE =
            Pattern.compile("\\w+(Exception|Error|Failure)|Problem|ConfigProblem|Failed|Refusal");
    private static final Pattern LOGGER = Pattern.compile("(?i)log(ger)?|getLog\\(\\)|errors");
    private static final Set<String> LOGGED = Set.of("warn", "error", "warning");
    private static final Pattern STREAM = Pattern.compile("(.*\\.)?(err|getErr\\(\\))");
    private static final Pattern PRINTER = Pattern.compile("out|complaint|warning");

    /** Methods that print an error, or answer a command with one, whichever class calls them. */
    private static final Set<String> PRINTING = Set.of(
            "printWarning", "printError", "wrongUsage", "refused", "notTested", "errorJson", "failed", "require");

    /** Methods that give names and values their form, and have no words of their own. */
    private static final Set<String> NAMING =
            Set.of("OptionNames::of", "VisibleText::of", "Plural::of", "IoReason::of", "DurationConverter::format");

    private static final Pattern WORDS = Pattern.compile("\\p{L}{2,}[^\\p{L}]* [^\\p{L}]*\\p{L}+");

    private SourceMessages() {}

    static List<Message> in(List<Path> files) throws IOException {
        List<CompilationUnitTree> trees = parse(files);
        Program program = new Program(trees);
        return trees.stream()
                .flatMap(tree -> new Unit(tree, program).messages().stream())
                .toList();
    }

    private static List<CompilationUnitTree> parse(List<Path> files) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests run on a JDK");
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> trees = new ArrayList<>();
            task.parse().forEach(trees::add);
            return trees;
        }
    }

    /** Returns all texts of each file, in their order, as if they were one. */
    static List<Message> texts(List<Path> files) throws IOException {
        List<Message> found = new ArrayList<>();
        for (CompilationUnitTree unit : parse(files)) {
            StringBuilder all = new StringBuilder();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void unused) {
                    if (literal.getValue() instanceof String text) {
                        all.append(text);
                    }
                    return null;
                }

                @Override
                public Void visitMemberSelect(MemberSelectTree select, Void unused) {
                    optionIn(select).ifPresent(all::append);
                    return super.visitMemberSelect(select, null);
                }
            }.scan(unit, null);
            found.add(new Message(nameOf(unit), all.toString()));
        }
        return found;
    }

    /** Returns the name of an option that stands in a message as its mark. */
    private static Optional<String> optionIn(MemberSelectTree select) {
        return select.getExpression().toString().equals("OptionKey")
                ? Optional.of("--"
                        + select.getIdentifier()
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                : Optional.empty();
    }

    /** Returns the texts of the source files that are not in ASCII, which some terminals can't show. */
    static List<Message> notInAscii(List<Path> files) throws IOException {
        List<Message> found = new ArrayList<>();
        for (CompilationUnitTree unit : parse(files)) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void unused) {
                    if (literal.getValue() instanceof String text
                            && text.chars().anyMatch(character -> character > ASCII)) {
                        found.add(new Message(nameOf(unit), text));
                    }
                    return null;
                }
            }.scan(unit, null);
        }
        return found;
    }

    private static String nameOf(CompilationUnitTree unit) {
        return Path.of(unit.getSourceFile().getName()).getFileName().toString();
    }

    /** What a file has to know of the others: the texts of events are methods of several classes. */
    private static final class Program {

        private static final Pattern EVENT = Pattern.compile("Event\\.\\w+");

        /** By class and name. */
        private final Map<String, List<MethodTree>> methods = new HashMap<>();

        /** The events that the transcript prints as a warning or an error. */
        private final Set<String> warnings = new HashSet<>();

        Program(List<CompilationUnitTree> trees) {
            TreeScanner<Void, String> declarations = new TreeScanner<>() {
                @Override
                public Void visitClass(ClassTree type, String around) {
                    return super.visitClass(type, type.getSimpleName().toString());
                }

                @Override
                public Void visitMethod(MethodTree method, String type) {
                    methods.computeIfAbsent(type + "::" + method.getName(), name -> new ArrayList<>())
                            .add(method);
                    return super.visitMethod(method, type);
                }
            };
            trees.forEach(tree -> declarations.scan(tree, ""));
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitIf(IfTree choice, Void unused) {
                    String style = choice.getThenStatement().toString();
                    if (style.contains("Style.WARNING") || style.contains("Style.BAD")) {
                        EVENT.matcher(choice.getCondition().toString())
                                .results()
                                .forEach(event -> warnings.add(event.group()));
                    }
                    return super.visitIf(choice, null);
                }
            }.scan(methods.getOrDefault("Transcript::styleOf", List.of()), null);
        }
    }

    /** One source file. */
    private static final class Unit {

        private final CompilationUnitTree tree;
        private final Program program;
        private final Map<String, List<ExpressionTree>> values = new HashMap<>();
        private final Map<String, List<MethodTree>> methods = new HashMap<>();

        /** Methods of this file that put an argument of theirs into a message. */
        private final Set<String> passingOn = new HashSet<>();

        private final List<Message> messages = new ArrayList<>();

        Unit(CompilationUnitTree tree, Program program) {
            this.tree = tree;
            this.program = program;
            new Declarations().scan(tree, null);
        }

        List<Message> messages() {
            int before;
            do { // a method that passes an argument on may be called by another one that does
                before = passingOn.size();
                messages.clear();
                new Sinks().scan(tree, null);
            } while (passingOn.size() > before);
            return messages;
        }

        private String place(Tree at) {
            return nameOf(tree) + ": " + at.toString().lines().findFirst().orElse("");
        }

        private final class Declarations extends TreeScanner<Void, Void> {
            @Override
            public Void visitVariable(VariableTree variable, Void unused) {
                ExpressionTree value = variable.getInitializer();
                if (value != null) {
                    values.computeIfAbsent(variable.getName().toString(), name -> new ArrayList<>())
                            .add(value);
                }
                return super.visitVariable(variable, null);
            }

            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                methods.computeIfAbsent(method.getName().toString(), name -> new ArrayList<>())
                        .add(method);
                return super.visitMethod(method, null);
            }
        }

        /** Finds where a message is given away. */
        private final class Sinks extends TreePathScanner<Void, Void> {
            @Override
            public Void visitNewClass(NewClassTree made, Void unused) {
                if (FAILURE.matcher(simpleName(made.getIdentifier())).matches()) {
                    add(made, made.getArguments());
                }
                return super.visitNewClass(made, null);
            }

            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
                if (isSink(call)) {
                    add(call, call.getArguments());
                }
                return super.visitMethodInvocation(call, null);
            }

            private boolean isSink(MethodInvocationTree call) {
                if (call.getMethodSelect() instanceof MemberSelectTree select) {
                    String name = select.getIdentifier().toString();
                    String receiver = select.getExpression().toString();
                    return PRINTING.contains(name)
                            || (LOGGED.contains(name)
                                    && LOGGER.matcher(receiver).matches())
                            || (name.equals("println")
                                    && STREAM.matcher(receiver).matches())
                            || (name.equals("accept")
                                    && PRINTER.matcher(receiver).matches())
                            || (name.equals("of") && receiver.equals("Problem"));
                }
                String name = call.getMethodSelect().toString();
                return PRINTING.contains(name)
                        || passingOn.contains(name)
                        || isTextOfWarning(name, call.getArguments());
            }

            private boolean isTextOfWarning(String name, List<? extends ExpressionTree> arguments) {
                return name.equals("text")
                        && arguments.size() == 2
                        && program.warnings.contains(arguments.get(0).toString().replace(".class", ""));
            }

            private void add(Tree at, List<? extends ExpressionTree> arguments) {
                Text text = new Text();
                arguments.forEach(text::add);
                if (WORDS.matcher(text.toString()).find()) {
                    messages.add(new Message(place(at), text.toString()));
                }
                notePassedOn(arguments);
            }

            /** Notes the method around a sink, if it passes on an argument of its own. */
            private void notePassedOn(List<? extends ExpressionTree> arguments) {
                MethodTree around = enclosingMethod();
                if (around == null) {
                    return;
                }
                Set<String> parameters = new HashSet<>();
                around.getParameters().stream()
                        .filter(parameter -> String.valueOf(parameter.getType()).equals("String"))
                        .forEach(parameter -> parameters.add(parameter.getName().toString()));
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitIdentifier(IdentifierTree identifier, Void unused) {
                        if (parameters.contains(identifier.getName().toString())) {
                            passingOn.add(around.getName().toString());
                        }
                        return null;
                    }
                }.scan(arguments, null);
            }

            private @Nullable MethodTree enclosingMethod() {
                for (Tree each : getCurrentPath()) {
                    if (each instanceof MethodTree method) {
                        return method;
                    }
                    if (each instanceof ClassTree) {
                        return null;
                    }
                }
                return null;
            }
        }

        /** The fixed words of expressions, in their order in the source. */
        private final class Text extends TreeScanner<Void, Void> {

            /** A method may call itself. */
            private static final int MOST_CALLS = 4;

            private final StringBuilder text = new StringBuilder();
            private int depth;

            void add(ExpressionTree expression) {
                scan(expression, null);
                hole();
            }

            private void hole() {
                if (!text.toString().endsWith(HOLE)) {
                    text.append(HOLE);
                }
            }

            @Override
            public Void visitLiteral(LiteralTree literal, Void unused) {
                if (literal.getValue() instanceof String words) {
                    text.append(words.replace("{}", HOLE));
                } else if (literal.getValue() instanceof Character character) {
                    text.append(character.charValue());
                } else {
                    hole();
                }
                return null;
            }

            @Override
            public Void visitBinary(BinaryTree binary, Void unused) {
                if (binary.getKind() == Tree.Kind.PLUS) {
                    return super.visitBinary(binary, null);
                }
                hole();
                return null;
            }

            @Override
            public Void visitConditionalExpression(ConditionalExpressionTree conditional, Void unused) {
                hole();
                scan(conditional.getTrueExpression(), null);
                hole();
                scan(conditional.getFalseExpression(), null);
                hole();
                return null;
            }

            @Override
            public Void visitMemberSelect(MemberSelectTree select, Void unused) {
                Optional<String> option = optionIn(select);
                if (option.isPresent()) {
                    text.append(option.get());
                    return null;
                }
                hole();
                return super.visitMemberSelect(select, null);
            }

            @Override
            public Void visitMemberReference(MemberReferenceTree reference, Void unused) {
                hole();
                if (!NAMING.contains(reference.toString())) {
                    program.methods
                            .getOrDefault(reference.toString(), List.of())
                            .forEach(this::addResults);
                }
                return null;
            }

            @Override
            public Void visitIdentifier(IdentifierTree identifier, Void unused) {
                List<ExpressionTree> value =
                        values.getOrDefault(identifier.getName().toString(), List.of());
                if (value.size() == 1 && depth < MOST_CALLS) {
                    depth++;
                    scan(value.get(0), null);
                    depth--;
                } else {
                    hole();
                }
                return null;
            }

            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
                String name = call.getMethodSelect().toString();
                List<MethodTree> called = call.getMethodSelect() instanceof IdentifierTree
                        ? methods.getOrDefault(name, List.of())
                        : NAMING.contains(name.replace(".", "::"))
                                ? List.of()
                                : program.methods.getOrDefault(name.replace(".", "::"), List.of());
                hole();
                if (called.isEmpty()) {
                    scan(call.getMethodSelect(), null);
                    hole();
                } else {
                    called.forEach(this::addResults);
                }
                for (ExpressionTree argument : call.getArguments()) {
                    scan(argument, null);
                    hole();
                }
                return null;
            }

            private void addResults(MethodTree method) {
                if (depth >= MOST_CALLS) {
                    return;
                }
                depth++;
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitReturn(ReturnTree result, Void unused) {
                        Text.this.scan(result.getExpression(), null);
                        hole();
                        return null;
                    }
                }.scan(method.getBody(), null);
                depth--;
            }

            @Override
            public String toString() {
                return text.toString();
            }
        }

        private static String simpleName(Tree type) {
            String name = type.toString().replaceFirst("<.*", "");
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }
}
