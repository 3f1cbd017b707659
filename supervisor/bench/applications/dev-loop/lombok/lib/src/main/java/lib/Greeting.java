package lib;

import lombok.Value;

/** What is saved again and again; its accessors are Lombok's. */
@Value
public class Greeting {

    String name;

    public String text() {
        return name + " of build 0.\n";
    }
}
