package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Security providers of the application's own classes. */
final class SecurityProviders implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Provider provider : loaded().orElseGet(() -> List.of(Security.getProviders()))) {
            if (owner.owns(provider)) {
                GuardedCall.run(
                        owner,
                        "remove the security provider " + provider.getClass().getName(),
                        () -> {
                            Security.removeProvider(provider.getName());
                            left.add("security provider " + provider.getName() + " ("
                                    + provider.getClass().getName() + ") was never removed");
                        });
            }
        }
        return left;
    }

    /**
     * Returns the providers loaded so far: the public method would also load the JDK's unused providers, in 30 to 60
     * ms.
     */
    private static Optional<List<Provider>> loaded() {
        return InternalField.field("sun.security.jca.Providers", "providerList")
                .map(InternalField::get)
                .flatMap(list -> InternalField.value("sun.security.jca.ProviderList", "configs", list))
                .map(configs -> Arrays.stream((Object[]) configs)
                        .flatMap(config ->
                                InternalField.value("sun.security.jca.ProviderConfig", "provider", config).stream())
                        .map(Provider.class::cast)
                        .toList());
    }
}
