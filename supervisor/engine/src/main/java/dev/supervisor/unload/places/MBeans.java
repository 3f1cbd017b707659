package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** MBeans of the application's own classes, in the platform's server and all others that the JVM knows. */
final class MBeans implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (!InitializedClasses.maybe("javax.management.MBeanServerFactory")) {
            return left;
        }
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            GuardedCall.run(owner, "clear the MBeans of " + server, () -> clear(owner, server, left));
        }
        return left;
    }

    private static void clear(Owner owner, MBeanServer server, List<String> left) {
        for (ObjectName name : server.queryNames(null, null)) {
            if (isOf(owner, server, name)) {
                left.add("MBean " + name + " (" + classNameOf(server, name) + ") was never unregistered");
                unregister(owner, server, name);
            }
        }
    }

    private static boolean isOf(Owner owner, MBeanServer server, ObjectName name) {
        try {
            return owner.ownsLoader(server.getClassLoaderFor(name));
        } catch (Exception e) { // unregistered by now; a runtime may lack the module of the exception
            return false;
        }
    }

    private static String classNameOf(MBeanServer server, ObjectName name) {
        try {
            return server.getObjectInstance(name).getClassName();
        } catch (Exception e) { // a dynamic MBean describes itself, and may fail
            return "of unknown class";
        }
    }

    private static void unregister(Owner owner, MBeanServer server, ObjectName name) {
        GuardedCall.run(owner, "unregister the MBean " + name, () -> server.unregisterMBean(name));
        if (server.isRegistered(name)) { // it has refused by an exception
            JmxRepository.of(server).ifPresent(repository -> repository.remove(name));
        }
    }
}
