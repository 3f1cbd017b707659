package dev.supervisor.compile;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.annotation.processing.Completion;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.FileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** An annotation processor of which it is noted what each of its files is made of; javac tells that from 18 on only. */
final class OriginProcessor implements Processor {

    /** The types that files are made of, by the names of these files. */
    static final class Origins {

        private final Map<String, List<String>> types = new ConcurrentHashMap<>();

        private void add(String file, Element... elements) {
            types.put(
                    file,
                    Arrays.stream(elements)
                            .map(Origins::topLevel)
                            .filter(name -> !name.isEmpty())
                            .distinct()
                            .toList());
        }

        private static String topLevel(Element element) {
            String name = "";
            for (@Nullable Element each = element; each != null; each = each.getEnclosingElement()) {
                if (each instanceof TypeElement type) {
                    name = type.getQualifiedName().toString();
                }
            }
            return name;
        }

        /**
         * Returns the qualified names of the types.
         *
         * @param file its name below the root of packages, with slashes
         */
        List<String> of(String file) {
            return types.getOrDefault(file, List.of());
        }
    }

    private final Processor processor;
    private final Origins origins;

    OriginProcessor(Processor processor, Origins origins) {
        this.processor = processor;
        this.origins = origins;
    }

    @Override
    public void init(ProcessingEnvironment environment) {
        processor.init(new Environment(environment, origins));
    }

    @Override
    public Set<String> getSupportedOptions() {
        return processor.getSupportedOptions();
    }

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return processor.getSupportedAnnotationTypes();
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return processor.getSupportedSourceVersion();
    }

    @Override
    @SuppressWarnings("DoNotClaimAnnotations") // the processor decides
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return processor.process(annotations, round);
    }

    @Override
    public Iterable<? extends Completion> getCompletions(
            Element element, AnnotationMirror annotation, ExecutableElement member, String text) {
        return processor.getCompletions(element, annotation, member, text);
    }

    /** The name of the field is known to Lombok, which needs javac's own environment, and takes it from there. */
    private static final class Environment implements ProcessingEnvironment {

        private final ProcessingEnvironment delegate;
        private final Filer filer;

        Environment(ProcessingEnvironment delegate, Origins origins) {
            this.delegate = delegate;
            this.filer = new NotingFiler(delegate.getFiler(), origins);
        }

        @Override
        public Map<String, String> getOptions() {
            return delegate.getOptions();
        }

        @Override
        public Messager getMessager() {
            return delegate.getMessager();
        }

        @Override
        public Filer getFiler() {
            return filer;
        }

        @Override
        public Elements getElementUtils() {
            return delegate.getElementUtils();
        }

        @Override
        public Types getTypeUtils() {
            return delegate.getTypeUtils();
        }

        @Override
        public SourceVersion getSourceVersion() {
            return delegate.getSourceVersion();
        }

        @Override
        public Locale getLocale() {
            return delegate.getLocale();
        }

        @Override
        public boolean isPreviewEnabled() {
            return delegate.isPreviewEnabled();
        }
    }

    private static final class NotingFiler implements Filer {

        private final Filer delegate;
        private final Origins origins;

        NotingFiler(Filer delegate, Origins origins) {
            this.delegate = delegate;
            this.origins = origins;
        }

        /** A name may begin with that of a module. */
        private static String plain(CharSequence name) {
            String text = name.toString();
            return text.substring(text.indexOf('/') + 1).replace('.', '/');
        }

        @Override
        public JavaFileObject createSourceFile(CharSequence name, Element... elements) throws IOException {
            origins.add(plain(name) + JavaFileObject.Kind.SOURCE.extension, elements);
            return delegate.createSourceFile(name, elements);
        }

        @Override
        public JavaFileObject createClassFile(CharSequence name, Element... elements) throws IOException {
            origins.add(plain(name) + JavaFileObject.Kind.CLASS.extension, elements);
            return delegate.createClassFile(name, elements);
        }

        @Override
        public FileObject createResource(
                JavaFileManager.Location location, CharSequence packaze, CharSequence relativeName, Element... elements)
                throws IOException {
            String prefix = packaze.isEmpty() ? "" : plain(packaze) + "/";
            origins.add(prefix + relativeName, elements);
            return delegate.createResource(location, packaze, relativeName, elements);
        }

        @Override
        public FileObject getResource(
                JavaFileManager.Location location, CharSequence packaze, CharSequence relativeName) throws IOException {
            return delegate.getResource(location, packaze, relativeName);
        }
    }
}
