package sample;

public final class One {
    public static void main(String[] args) {}
}
