package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.RecoveryFigures;
import dev.supervisor.bench.figures.ResultFile;
import java.util.ArrayList;
import java.util.List;

/** How soon the throughput was back after reloads. */
final class RecoveryTable {

    /** The numbers of tenths of a second after the reload. */
    private static final List<Integer> SLICES = List.of(1, 2, 3, 5, 7, 10, 20, 30, 40);

    private RecoveryTable() {}

    static String text() {
        var result = ResultFile.read("recovery", 25, new TypeToken<List<RecoveryFigures>>() {});
        List<String> head = new ArrayList<>(List.of("share of the steady rate, %, up to"));
        SLICES.forEach(slice -> head.add(slice % 10 == 0 ? slice / 10 + " s" : "0." + slice + " s"));
        boolean tellsOfNew = result.figures().stream()
                .allMatch(rival -> rival.medianShareOfNew().isPresent());
        if (tellsOfNew) {
            head.add("in the first 0.1 s from the first new answer");
        }
        head.add("back at 90%: median (max)");
        MarkdownTable table = new MarkdownTable(head);
        result.figures().forEach(rival -> table.row(row(rival, tellsOfNew)));
        return table.measuredBy(List.of(result));
    }

    private static List<String> row(RecoveryFigures rival, boolean tellsOfNew) {
        List<String> row = new ArrayList<>(List.of(RivalTitles.of(rival.rival())));
        SLICES.forEach(slice -> row.add(MarkdownTable.whole(rival.medianShare(slice) * 100)));
        rival.medianShareOfNew().ifPresent(share -> {
            if (tellsOfNew) {
                row.add(MarkdownTable.whole(share * 100));
            }
        });
        row.add(MarkdownTable.format(
                "%.1f s (%.1f s)",
                rival.backMillis().median() / 1000, rival.backMillis().maximum() / 1000));
        return row;
    }
}
