package dev.supervisor.compile;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.UnionType;
import javax.lang.model.type.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * The types that a source was compiled with, by what javac has found out about its trees. A class file does not have all of
 * them: constants are copied, and types may be inferred.
 */
final class References extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private static final int DEEPEST = 8;

    private final Trees trees;
    private final Set<String> types = new HashSet<>();
    private final Set<String> supertypes = new HashSet<>();
    private final Set<Integer> names = new HashSet<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    References(Trees trees) {
        this.trees = trees;
    }

    /** Adds a type that has been attributed, with the imports and annotations of its file. */
    void add(CompilationUnitTree unit, @Nullable TreePath type) {
        TreePath root = new TreePath(unit);
        if (type == null) { // the annotations of a package
            scan(root, null);
            return;
        }
        for (ImportTree imported : unit.getImports()) {
            scan(new TreePath(root, imported), null);
        }
        scan(type, null);
    }

    /** Returns the qualified names of top-level types. */
    Set<String> types() {
        return types;
    }

    Set<String> supertypes() {
        return supertypes;
    }

    /** Returns the hashes of simple names. */
    Set<Integer> names() {
        return names;
    }

    @Override
    public @Nullable Void scan(@Nullable Tree tree, @Nullable Void unused) {
        TreePath parent = getCurrentPath();
        if (tree != null && parent != null) {
            switch (tree.getKind()) { // the rest is made of these
                case IDENTIFIER,
                        MEMBER_SELECT,
                        MEMBER_REFERENCE,
                        METHOD_INVOCATION,
                        NEW_CLASS,
                        LAMBDA_EXPRESSION,
                        CONDITIONAL_EXPRESSION,
                        VARIABLE,
                        METHOD,
                        ANNOTATION,
                        CLASS,
                        INTERFACE,
                        ENUM,
                        RECORD,
                        SWITCH_EXPRESSION,
                        ANNOTATION_TYPE -> note(new TreePath(parent, tree));
                default -> {}
            }
        }
        return super.scan(tree, null);
    }

    private void note(TreePath path) {
        add(trees.getElement(path));
        add(trees.getTypeMirror(path), 0);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void unused) {
        names.add(tree.getName().toString().hashCode());
        return super.visitIdentifier(tree, null);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void unused) {
        names.add(tree.getIdentifier().toString().hashCode());
        return super.visitMemberSelect(tree, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void unused) {
        names.add(tree.getName().toString().hashCode());
        return super.visitMemberReference(tree, null);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
        if (trees.getElement(getCurrentPath()) instanceof TypeElement type) {
            addSupertype(type.getSuperclass());
            type.getInterfaces().forEach(this::addSupertype);
        }
        return super.visitClass(tree, null);
    }

    private void addSupertype(TypeMirror type) {
        if (type instanceof DeclaredType declared) {
            topLevel(declared.asElement(), supertypes);
        }
    }

    private void add(@Nullable Element element) {
        if (element != null) {
            topLevel(element, types);
        }
    }

    private static void topLevel(Element element, Set<String> to) {
        for (@Nullable Element each = element; each != null; each = each.getEnclosingElement()) {
            Element outer = each.getEnclosingElement();
            if (each instanceof TypeElement type && outer != null && outer.getKind() == ElementKind.PACKAGE) {
                to.add(type.getQualifiedName().toString());
            }
        }
    }

    private void add(@Nullable TypeMirror type, int depth) {
        if (type == null || depth > DEEPEST || !seen.add(type)) {
            return;
        }
        int next = depth + 1;
        if (type instanceof DeclaredType declared) {
            add(declared.asElement());
            declared.getTypeArguments().forEach(argument -> add(argument, next));
        } else if (type instanceof ArrayType array) {
            add(array.getComponentType(), next);
        } else if (type instanceof ExecutableType method) {
            add(method.getReturnType(), next);
            method.getParameterTypes().forEach(parameter -> add(parameter, next));
            method.getThrownTypes().forEach(thrown -> add(thrown, next));
        } else if (type instanceof IntersectionType intersection) {
            intersection.getBounds().forEach(bound -> add(bound, next));
        } else if (type instanceof UnionType union) {
            union.getAlternatives().forEach(alternative -> add(alternative, next));
        } else if (type instanceof WildcardType wildcard) {
            add(wildcard.getExtendsBound(), next);
            add(wildcard.getSuperBound(), next);
        } else if (type instanceof TypeVariable variable) {
            add(variable.getUpperBound(), next);
        }
    }
}
