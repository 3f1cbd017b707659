package app;

class Parameter {
    static String name() throws ReflectiveOperationException {
        return Parameter.class.getDeclaredMethod("method", int.class).getParameters()[0].getName();
    }

    static void method(int named) {}
}
