package dev.supervisor.maven;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What maven-compiler-plugin tells javac, as in its version 3. */
final class CompilerSettings {

    /** Options that say where something is, or make javac another program; the value is the next argument. */
    private static final Set<String> PLACES = Set.of(
            "-d",
            "-s",
            "-h",
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--module-source-path",
            "-sourcepath",
            "--source-path",
            "-processorpath",
            "--processor-path",
            "--processor-module-path");

    /** Parameters that are not translated. */
    private static final List<String> UNUSUAL = List.of(
            "executable",
            "jdkToolchain",
            "includes",
            "excludes",
            "multiReleaseOutput",
            "skipMain",
            "compilerArguments",
            "compileSourceRoots");

    private static final String PROC = "-proc:";
    private static final String PROCESSOR = "-processor";

    private final MojoSettings settings;

    CompilerSettings(MojoSettings settings) {
        this.settings = settings;
    }

    /** Returns the options for javac but paths and processors. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        addLanguage(options);
        settings.text("encoding").ifPresent(encoding -> options.addAll(List.of("-encoding", encoding)));
        addDebug(options);
        addIf(settings.isTrue("parameters"), "-parameters", options);
        addIf(settings.isTrue("enablePreview"), "--enable-preview", options);
        addIf(settings.isTrue("showDeprecation"), "-deprecation", options);
        addIf(settings.isFalse("showWarnings"), "-nowarn", options);
        addIf(settings.isTrue("failOnWarning") && !settings.isFalse("showWarnings"), "-Werror", options);
        settings.text("implicit").ifPresent(implicit -> options.add("-implicit:" + implicit));
        addOwn(options);
        return options;
    }

    private void addLanguage(List<String> options) {
        Optional<String> release = settings.text("testRelease").or(() -> settings.text("release"));
        if (release.isPresent()) {
            options.addAll(List.of("--release", release.get()));
        } else {
            settings.text("testSource")
                    .or(() -> settings.text("source"))
                    .ifPresent(source -> options.addAll(List.of("-source", source)));
            settings.text("testTarget")
                    .or(() -> settings.text("target"))
                    .ifPresent(target -> options.addAll(List.of("-target", target)));
        }
    }

    private void addDebug(List<String> options) {
        if (!settings.isFalse("debug")) {
            options.add(settings.text("debuglevel").map(level -> "-g:" + level).orElse("-g"));
        }
    }

    /** Adds the arguments that the project gives, without the ones about processors. */
    private void addOwn(List<String> options) {
        List<String> given = given();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i).equals(PROCESSOR)) {
                i++;
            } else if (!given.get(i).startsWith(PROC)) {
                options.add(given.get(i));
            }
        }
    }

    private List<String> given() {
        List<String> given = new ArrayList<>(settings.texts("compilerArgs"));
        settings.text("compilerArgument").ifPresent(given::add);
        return given;
    }

    private static void addIf(boolean condition, String option, List<String> options) {
        if (condition) {
            options.add(option);
        }
    }

    /** Returns the names of the processors that are to run; empty if javac is to find them. */
    List<String> processors() {
        List<String> names = settings.texts("annotationProcessors");
        return names.isEmpty()
                ? argumentAfter(PROCESSOR)
                        .map(value -> List.of(value.split(",")))
                        .orElse(List.of())
                : names;
    }

    private Optional<String> argumentAfter(String option) {
        int index = given().indexOf(option);
        return index < 0 || index + 1 >= given().size() ? Optional.empty() : Optional.of(given().get(index + 1));
    }

    /** Returns the value of {@code -proc}, such as {@code none}; empty if the JDK's default counts. */
    Optional<String> proc() {
        Optional<String> argument = given().stream()
                .filter(option -> option.startsWith(PROC))
                .reduce((first, last) -> last)
                .map(option -> option.substring(PROC.length()));
        return argument.or(() -> settings.text("proc"));
    }

    /** Returns the artifacts that the processors are in; empty if they are on the class path. */
    List<MojoSettings> processorPaths() {
        return settings.elements("annotationProcessorPaths");
    }

    boolean managesProcessorDependencies() {
        return settings.isTrue("annotationProcessorPathsUseDepMgmt");
    }

    Optional<String> generatedSources() {
        return settings.text("generatedSourcesDirectory");
    }

    Optional<String> generatedTestSources() {
        return settings.text("generatedTestSourcesDirectory");
    }

    /** Returns why javac with options is not enough, in words; empty if it is. */
    Optional<String> obstacle() {
        Optional<String> id = settings.text("compilerId").filter(name -> !name.equals("javac"));
        if (id.isPresent()) {
            return Optional.of("it is compiled by '" + id.get() + "'");
        }
        for (String name : UNUSUAL) {
            if (settings.isConfigured(name) && !settings.isFalse(name)) {
                return Optional.of("maven-compiler-plugin has <" + name + ">");
            }
        }
        if (proc().filter("only"::equals).isPresent()) {
            return Optional.of("annotations are processed without compilation");
        }
        return given().stream()
                .filter(CompilerSettings::isObstacle)
                .findFirst()
                .map(option -> "javac has the option " + option.split(" ", 2)[0]);
    }

    /** A plugin of javac may need packages of the JDK that are open in Maven's JVM only; -J starts another JVM. */
    private static boolean isObstacle(String option) {
        return PLACES.contains(option)
                || option.startsWith("-Xplugin:")
                || option.startsWith("-J")
                || option.startsWith("@");
    }
}
