package dev.supervisor.bench.documents;

import java.util.Arrays;
import java.util.Locale;

/** A part of the documentation that is made from the results of one benchmark. */
enum FigureBlock {
    LOAD_GENERATORS,
    RELOAD,
    RECOVERY,
    SWAP_TIME,
    SAVE,
    DEV_LOOP,
    STEADY_STATE,
    TLS,
    PROGRAMS,
    SCALE,
    GENERATIONS,
    GENERATION_TIMES,
    JMH;

    /** Returns the block with a name as in documents, such as {@code swap-time}. */
    static FigureBlock named(String name) {
        return Arrays.stream(values())
                .filter(block -> block.title().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there are no figures '" + name + "', but: "
                        + Arrays.stream(values()).map(FigureBlock::title).toList()));
    }

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String text() {
        return switch (this) {
            case LOAD_GENERATORS -> LoadGeneratorsTable.text();
            case RELOAD -> ReloadTable.text();
            case RECOVERY -> RecoveryTable.text();
            case SWAP_TIME -> SwapTimeTable.text();
            case SAVE -> SaveTable.text();
            case DEV_LOOP -> DevLoopTables.text();
            case STEADY_STATE -> SteadyStateTable.ofClearText();
            case TLS -> SteadyStateTable.ofTls();
            case PROGRAMS -> ProgramsTable.text();
            case SCALE -> ScaleTables.text();
            case GENERATIONS -> GenerationsTable.text();
            case GENERATION_TIMES -> GenerationTimesTable.text();
            case JMH -> JmhTable.text();
        };
    }
}
