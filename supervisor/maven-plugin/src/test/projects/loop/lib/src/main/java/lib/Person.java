package lib;

import lombok.Data;

@Data
public class Person {
    private String name = "Ada";
}
