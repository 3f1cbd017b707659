package dev.supervisor.leaks;

/**
 * One reference of an object in a heap dump to another.
 *
 * @param owner the class that declares the field, or empty
 * @param name of the field, or the index of the element
 * @param target the number of the other object
 */
record HeapReference(Kind kind, String owner, String name, int target) {

    enum Kind {
        FIELD,
        STATIC_FIELD,
        ELEMENT,
        /** From an object to its class. */
        CLASS,
        /** From a class to what it was defined with. */
        OF_CLASS,
        /** What a soft reference refers to. */
        SOFT,
        /** What has a finalizer that has not run. */
        FINALIZER
    }

    boolean isField(String declaringClass, String field) {
        return kind == Kind.FIELD && owner.equals(declaringClass) && name.equals(field);
    }
}
