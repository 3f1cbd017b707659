package lib;

import lombok.Data;

/** A greeting that is not complete yet. */
@Data
public class Draft {

    private String name;
}
