package dev.supervisor.generation;

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;

/** Classes to be put into jars. */
final class Applications {

    private Applications() {}

    public static class Good implements Application {
        @Override
        public void start(ApplicationContext context) {
            // serves nothing
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    public static final class Second extends Good {}

    public static final class Failing extends Good {
        public Failing() {
            throw new IllegalStateException("no luck");
        }
    }

    public static final class WithParameter extends Good {
        public WithParameter(String ignored) {
            super();
        }
    }

    public static final class NoApplication {}
}
