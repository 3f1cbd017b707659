package dev.supervisor.leaks;

/**
 * A reference from one object in a heap dump to another.
 *
 * @param owner the class that declares the field, or empty
 * @param name the name of the field, or the index of the element
 * @param target the number of the other object
 */
record HeapReference(Kind kind, String owner, String name, int target) {

    enum Kind {
        FIELD,
        STATIC_FIELD,
        ELEMENT,
        /** From an object to its class. */
        CLASS,
        /** From a class to its loader, protection domain, signers or superclass. */
        OF_CLASS,
        /** From a soft reference to its referent. */
        SOFT,
        /** To an object whose finalizer has not run. */
        FINALIZER
    }

    boolean isField(String declaringClass, String field) {
        return kind == Kind.FIELD && owner.equals(declaringClass) && name.equals(field);
    }
}
