package sample;

import org.mapstruct.Mapper;

@Mapper
public interface Copier {
    Person copy(Person person);
}
