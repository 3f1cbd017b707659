package lib;

public class Constant {
    public static final String TEXT = "constant";
}
