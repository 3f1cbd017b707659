package dev.supervisor.bench.figures;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The resources in use while one generation followed another, and how long generations took. */
public record GenerationsFigures(List<Run> inUse, List<GenerationTimes> times, int problems) {

    /** The most that may be in use at the end, as a multiple of what was in use when the JVM was warm. */
    public static final double TOLERANCE = 1.05;

    private static final int WARM = 50;

    public enum Series {
        HEAP("heap used", "MiB"),
        METASPACE("metaspace used", "MiB"),
        THREADS("threads", ""),
        DESCRIPTORS("open descriptors", "");

        public final String label;
        public final String unit;

        Series(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    public record Sample(int generation, Map<Series, Double> values) {

        public double value(Series series) {
            return Objects.requireNonNull(values.get(series));
        }
    }

    public record Run(int classes, int generations, long answers, List<Sample> samples) {

        /** Returns the generation with which the end is compared. */
        public int warm() {
            return warmSample().generation();
        }

        public double warm(Series series) {
            return warmSample().value(series);
        }

        private Sample warmSample() {
            return samples.stream()
                    .filter(sample -> sample.generation() >= Math.min(WARM, generations / 4))
                    .findFirst()
                    .orElseThrow();
        }

        public double end(Series series) {
            return samples.get(samples.size() - 1).value(series);
        }

        public double maximum(Series series) {
            return samples.stream()
                    .mapToDouble(sample -> sample.value(series))
                    .max()
                    .orElseThrow();
        }
    }
}
