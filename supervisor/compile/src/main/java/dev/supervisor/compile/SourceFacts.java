package dev.supervisor.compile;

import java.util.Map;
import java.util.Set;

/**
 * What is known of a source since it was compiled. Types generated from it count as its own.
 *
 * @param hash of its content
 * @param types the qualified names of its top-level types
 * @param abi a hash of all that other sources can see of these
 * @param references the qualified names of the top-level types that it was compiled with
 * @param supertypes the ones among them that its types extend or implement
 * @param names the hashes of all simple names in it: a new type of such a name may change its meaning
 * @param outputs the files that were made of it, relative to the output, with the hashes of their contents
 * @param generated the sources that annotation processors have made of it, relative to their directory
 */
record SourceFacts(
        String hash,
        Set<String> types,
        String abi,
        Set<String> references,
        Set<String> supertypes,
        Set<Integer> names,
        Map<String, String> outputs,
        Set<String> generated) {

    SourceFacts withHash(String content) {
        return new SourceFacts(content, types, abi, references, supertypes, names, outputs, generated);
    }
}
