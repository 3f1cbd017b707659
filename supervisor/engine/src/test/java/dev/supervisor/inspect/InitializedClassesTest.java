package dev.supervisor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class InitializedClassesTest {

    @Test
    void aClassThatNobodyHasUsedIsNotAndStaysSo() {
        assertFalse(InitializedClasses.maybe(Unused.class.getName()));
        assertFalse(InitializedClasses.maybe(Unused.class.getName()));
    }

    @Test
    void aClassThatSomebodyHasUsedIs() {
        assertEquals(1, Used.count);
        assertTrue(InitializedClasses.maybe(Used.class.getName()));
    }

    @Test
    void aClassThatThereIsNotIsNot() {
        assertFalse(InitializedClasses.maybe("java.lang.Strin"));
    }

    static final class Unused {
        @SuppressWarnings("unused")
        static int count = Integer.getInteger("test.unused", 1);
    }

    static final class Used {
        static int count = Integer.getInteger("test.unused", 1);
    }
}
