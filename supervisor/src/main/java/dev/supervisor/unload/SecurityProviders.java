package dev.supervisor.unload;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/** Security providers of the application's own classes. */
final class SecurityProviders implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Provider provider : Security.getProviders()) {
            if (owner.owns(provider)) {
                Security.removeProvider(provider.getName());
                left.add("security provider " + provider.getName() + " ("
                        + provider.getClass().getName() + ") was never removed");
            }
        }
        return left;
    }
}
