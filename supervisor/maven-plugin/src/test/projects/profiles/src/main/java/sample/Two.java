package sample;

public final class Two {
    public static void main(String[] args) {}
}
