package io.github.mbrl4j;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Holds the house: which package may know which, and what the library never does. */
@AnalyzeClasses(packages = ArchitectureTest.BASE, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    static final String BASE = "io.github.mbrl4j";

    /**
     * For each package, the packages that it may know; arrows run downwards only, and the rule below proves that they do.
     * A new package gets its line here first.
     */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("nn", Set.of()),
            Map.entry("render", Set.of("core")),
            Map.entry("env", Set.of("core", "render")),
            Map.entry("data", Set.of("core")),
            Map.entry("plan", Set.of("core")),
            Map.entry("gym", Set.of("core", "io")),
            Map.entry("io", Set.of("core", "nn", "data")),
            Map.entry("model", Set.of("core", "nn", "data", "io")),
            Map.entry("identify", Set.of("core", "data", "model")),
            Map.entry("policy", Set.of("core", "nn", "data", "io", "model")),
            Map.entry("repair", Set.of("core", "nn", "data", "model")),
            Map.entry("latent", Set.of("core", "nn", "data", "io", "model")),
            Map.entry("rollout", Set.of("core", "data", "model")),
            Map.entry("control", Set.of("core", "data", "model", "rollout")),
            Map.entry("interop", Set.of("core", "nn", "data", "model")),
            Map.entry("report", Set.of("core", "data", "model", "io")),
            Map.entry(
                    "agent",
                    Set.of(
                            "core", "nn", "env", "data", "plan", "model", "policy", "rollout", "control", "io",
                            "report")));

    @ArchTest
    static void packagesKnowOnlyThoseBelow(JavaClasses classes) {
        LayeredArchitecture house =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String room : MAY_KNOW.keySet()) {
            house = house.layer(room).definedBy(BASE + "." + room + "..");
        }
        for (var entry : new TreeMap<>(MAY_KNOW).entrySet()) {
            LayeredArchitecture.LayerDependencySpecification room = house.whereLayer(entry.getKey());
            house = entry.getValue().isEmpty()
                    ? room.mayNotAccessAnyLayer()
                    : room.mayOnlyAccessLayers(entry.getValue().toArray(String[]::new));
        }
        house.check(classes);
    }

    @ArchTest
    static void theTableOfPackagesHasNoCircle(JavaClasses classes) {
        Set<String> placed = new TreeSet<>();
        while (MAY_KNOW.entrySet().stream()
                .anyMatch(e -> placed.containsAll(e.getValue()) && placed.add(e.getKey()))) {}
        assertThat(placed).isEqualTo(MAY_KNOW.keySet());
    }

    @ArchTest
    static void everyPackageIsInTheTable(JavaClasses classes) {
        Set<String> strangers = new TreeSet<>();
        for (JavaClass type : classes) {
            String room = type.getPackageName().substring(BASE.length()).replaceFirst("^\\.([a-z0-9]+).*", "$1");
            if (!room.isEmpty() && !MAY_KNOW.containsKey(room)) {
                strangers.add(type.getName());
            }
        }
        assertThat(strangers)
                .as("classes in packages that this test does not know. Maybe add a line to MAY_KNOW?")
                .isEmpty();
    }

    @ArchTest
    static void everyPackageIsDescribedAndNullMarked(JavaClasses classes) {
        Set<String> missing = new TreeSet<>();
        for (JavaClass type : classes) {
            JavaPackage room = type.getPackage();
            if (!room.tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith(NullMarked.class))
                    .orElse(false)) {
                missing.add(room.getName());
            }
        }
        assertThat(missing)
                .as("packages without a package-info.java annotated @NullMarked (org.jspecify.annotations)")
                .isEmpty();
    }

    // Each optional or heavy dependency is known by one package.

    @ArchTest
    static final ArchRule onlyInteropKnowsDl4j = knownOnlyBy("interop", "org.deeplearning4j..");

    @ArchTest
    static final ArchRule onlyIoKnowsJackson = knownOnlyBy("io", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule onlyIoKnowsCommonsCsv = knownOnlyBy("io", "org.apache.commons.csv..");

    @ArchTest
    static final ArchRule onlyReportKnowsXChart = knownOnlyBy("report", "org.knowm.xchart..");

    @ArchTest
    static final ArchRule coreDoesNotKnowCommonsMath = noClasses()
            .that()
            .resideInAPackage(BASE + ".core..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.commons.math3..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule pinnedDependenciesAreNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.commons.io..",
                    "org.apache.commons.codec..",
                    "org.apache.commons.net..",
                    "org.apache.commons.compress..",
                    "org.apache.commons.lang3..",
                    "org.nd4j.shade..",
                    "com.google.gson..",
                    "it.unimi.dsi..")
            .because("they are there for DL4J alone and go when it does")
            .allowEmptyShould(true);

    // Random numbers come from a RandomGenerator that is passed in.

    @ArchTest
    static final ArchRule noHiddenRandomness = noClasses()
            .should()
            .dependOnClassesThat(type(java.util.Random.class)
                    .or(type(java.util.concurrent.ThreadLocalRandom.class))
                    .or(type(java.security.SecureRandom.class)))
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(StrictMath.class, "random")
            .because("the same seed must give the same run")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noRandomnessOfNd4j = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j.linalg.api.rng..", "org.nd4j.linalg.api.ops.random..")
            .orShould()
            .callMethodWhere(target(owner(resideInAPackage("org.nd4j.linalg.factory..")))
                    .and(target(nameMatching("rand.*|getRandom.*|choice|shuffle"))))
            .because("its generator belongs to the thread: the same seed on two threads repeats itself")
            .allowEmptyShould(true);

    // What a library does not do to its users.

    @ArchTest
    static final ArchRule noPrinting =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(true);

    @ArchTest
    static final ArchRule noOtherLogging = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..", "ch.qos.logback..")
            .because("the library logs by slf4j-api alone")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noExit =
            noClasses().should().callMethod(System.class, "exit", int.class).allowEmptyShould(true);

    @ArchTest
    static final ArchRule examplesAreNotKnown = classes()
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage(BASE + ".examples..")))
            .allowEmptyShould(true);

    private static ArchRule knownOnlyBy(String room, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }
}
