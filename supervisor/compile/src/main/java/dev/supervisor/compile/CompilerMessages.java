package dev.supervisor.compile;

import dev.supervisor.Diagnostic;
import dev.supervisor.Diagnostic.Columns;
import dev.supervisor.Diagnostic.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.Diagnostic.Kind;
import javax.tools.JavaFileObject;

/**
 * What a compiler has said.
 *
 * @param errors with a place
 * @param lines all of it, as javac prints it
 * @param errorCount with and without a place
 */
record CompilerMessages(List<Diagnostic> errors, List<String> lines, int errorCount, int warningCount) {

    static final CompilerMessages NONE = new CompilerMessages(List.of(), List.of(), 0, 0);

    /** @param out what javac has printed besides */
    static CompilerMessages of(List<javax.tools.Diagnostic<? extends JavaFileObject>> diagnostics, String out) {
        List<Diagnostic> errors = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        int errorCount = 0;
        int warningCount = 0;
        for (javax.tools.Diagnostic<? extends JavaFileObject> diagnostic : diagnostics) {
            diagnostic.toString().lines().forEach(lines::add);
            if (diagnostic.getKind() == Kind.ERROR) {
                errorCount++;
                if (diagnostic.getSource() != null && diagnostic.getPosition() != javax.tools.Diagnostic.NOPOS) {
                    errors.add(placed(diagnostic, diagnostic.getSource()));
                }
            } else if (diagnostic.getKind() != Kind.NOTE) {
                warningCount++;
            }
        }
        out.lines().forEach(lines::add);
        return new CompilerMessages(errors, lines, errorCount, warningCount);
    }

    static CompilerMessages ofFailure(String message) {
        return NONE.with(message);
    }

    private static Diagnostic placed(
            javax.tools.Diagnostic<? extends JavaFileObject> diagnostic, JavaFileObject source) {
        int line = (int) Math.max(1, diagnostic.getLineNumber());
        String message = diagnostic.getMessage(Locale.ROOT);
        Path file = Path.of(source.toUri());
        try {
            String text = source.getCharContent(true).toString();
            int position = (int) Math.min(diagnostic.getPosition(), text.length());
            int begin = lineBegin(text, position); // javac itself would count the columns of tabs
            return new Diagnostic(
                    file, line, position - begin + 1, Columns.CHARACTERS, range(diagnostic, text, begin), message);
        } catch (IOException e) { // it has just been deleted
            return new Diagnostic(file, line, 0, message);
        }
    }

    private static int lineBegin(String text, int position) {
        return Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
    }

    /** Returns nothing if it is more than one line. What stands before a dot is not what javac complains about. */
    private static Optional<Range> range(javax.tools.Diagnostic<?> diagnostic, String text, int begin) {
        int position = (int) diagnostic.getPosition();
        boolean dot = position < text.length() && text.charAt(position) == '.';
        int from = dot ? position : (int) diagnostic.getStartPosition();
        int to = (int) Math.min(diagnostic.getEndPosition(), text.length());
        return from >= begin && from < to && lineBegin(text, to - 1) == begin
                ? Optional.of(new Range(from - begin + 1, to - begin + 1))
                : Optional.empty();
    }

    /** Adds an error without a place. */
    CompilerMessages with(String error) {
        List<String> all = new ArrayList<>(lines);
        error.lines().forEach(all::add);
        return new CompilerMessages(errors, all, errorCount + 1, warningCount);
    }

    CompilerMessages and(CompilerMessages more) {
        List<Diagnostic> allErrors = new ArrayList<>(errors);
        allErrors.addAll(more.errors);
        List<String> allLines = new ArrayList<>(lines);
        allLines.addAll(more.lines);
        return new CompilerMessages(
                allErrors, allLines, errorCount + more.errorCount, warningCount + more.warningCount);
    }

    boolean hasErrors() {
        return errorCount > 0;
    }

    /** Returns how many errors there are, in words. */
    String summary() {
        return errorCount == 1 ? "1 error of the compiler" : errorCount + " errors of the compiler";
    }
}
