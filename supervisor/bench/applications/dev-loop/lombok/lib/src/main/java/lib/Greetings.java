package lib;

import org.mapstruct.Mapper;
import org.mapstruct.factory.Mappers;

/** Makes greetings of drafts; MapStruct implements it. */
@Mapper
public interface Greetings {

    Greetings MAPPER = Mappers.getMapper(Greetings.class);

    Greeting complete(Draft draft);
}
