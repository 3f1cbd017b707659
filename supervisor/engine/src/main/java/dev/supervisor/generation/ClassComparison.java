package dev.supervisor.generation;

import dev.supervisor.generation.CopiedResources.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the classes that a module has loaded with those that it would load from other roots.
 *
 * @param isLikeBefore false if the roots differ in more than single classes
 * @param changed the files of loaded classes that the other roots lack, or have differently
 */
record ClassComparison(boolean isLikeBefore, Set<String> changed) {

    private static final Set<String> PACKAGES_OF_JDK = ModuleLayer.boot().modules().stream()
            .flatMap(module -> module.getPackages().stream())
            .map(name -> name.replace('.', '/'))
            .collect(Collectors.toSet());

    ClassComparison {
        changed = Set.copyOf(changed);
    }

    /** Returns whether a new module would load the same. */
    boolean isSame() {
        return isLikeBefore && changed.isEmpty();
    }

    /** @param former the roots from which the loaded classes come */
    static ClassComparison of(LoadedClasses loaded, List<CopiedResources> former, List<CopiedResources> next) {
        List<Place> kept = common(former, next);
        if (!kept.equals(common(next, former))) { // in another order
            return new ClassComparison(false, Set.of());
        }
        List<CopiedResources> others =
                next.stream().filter(root -> !kept.contains(root.place())).toList();
        if (bringPackagesOfJdk(others)) {
            return new ClassComparison(false, Set.of());
        }
        Set<Place> keptPlaces = new HashSet<>(kept);
        Map<Place, CopiedResources> formerRoots =
                former.stream().collect(Collectors.toMap(CopiedResources::place, root -> root, (a, b) -> a));
        Map<String, List<CopiedResources>> othersByDirectory = byDirectory(others);
        Set<String> changed = new TreeSet<>();
        loaded.places().forEach((file, place) -> {
            List<CopiedResources> having =
                    othersByDirectory.getOrDefault(LoadedClasses.directoryOf(file), List.of()).stream()
                            .filter(other -> other.has(file))
                            .toList();
            boolean isThere = keptPlaces.contains(place) || !having.isEmpty();
            Optional<CopiedResources> from = Optional.ofNullable(formerRoots.get(place));
            if (!isThere || from.isEmpty() || !having.stream().allMatch(other -> isSame(file, from.get(), other))) {
                changed.add(file);
            }
        });
        return new ClassComparison(true, changed);
    }

    private static List<Place> common(List<CopiedResources> roots, List<CopiedResources> others) {
        Set<Place> places = others.stream().map(CopiedResources::place).collect(Collectors.toSet());
        return roots.stream()
                .map(CopiedResources::place)
                .filter(places::contains)
                .toList();
    }

    private static Map<String, List<CopiedResources>> byDirectory(List<CopiedResources> roots) {
        Map<String, List<CopiedResources>> all = new HashMap<>();
        roots.forEach(root -> root.getPaths()
                .forEach(path ->
                        all.computeIfAbsent(path, unused -> new ArrayList<>()).add(root)));
        return all;
    }

    /** Names that have been resolved to the JDK's classes remain that, even if the application comes before the JDK. */
    private static boolean bringPackagesOfJdk(List<CopiedResources> others) {
        return others.stream().flatMap(root -> root.getPaths().stream()).anyMatch(PACKAGES_OF_JDK::contains);
    }

    /** What a manifest tells of the package counts, too: the package is defined with its first class. */
    private static boolean isSame(String file, CopiedResources root, CopiedResources other) {
        Optional<CopiedResources.Content> content = root.contentOf(file);
        return content.isPresent()
                && content.equals(other.contentOf(file))
                && root.place().isFromSource(other.place())
                && root.packageText(LoadedClasses.directoryOf(file))
                        .equals(other.packageText(LoadedClasses.directoryOf(file)));
    }
}
