package sample;

class MainTest {
    @org.junit.jupiter.api.Test
    void runs() {
        Main.main(new String[0]);
    }
}
