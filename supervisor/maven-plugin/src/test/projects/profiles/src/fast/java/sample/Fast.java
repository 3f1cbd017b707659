package sample;

public final class Fast {
    public static void main(String[] args) {}
}
