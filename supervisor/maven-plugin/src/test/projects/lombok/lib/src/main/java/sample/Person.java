package sample;

import lombok.Value;

@Value
public class Person {
    String name;
}
