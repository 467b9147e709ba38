package dev.rollcall.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * The arrows between the modules, checked on the compiled classes:
 *
 * <pre>
 *   tools -> rpc-executor -> shm-broadcast
 *   tools -> nccl-bridge  -> watchdog -> shm-broadcast
 * </pre>
 */
@AnalyzeClasses(packages = "dev.rollcall", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SHM = "dev.rollcall.shm..";
    private static final String[] RPC = {"dev.rollcall.rpc..", "dev.rollcall.engine.."};
    private static final String WATCHDOG = "dev.rollcall.watchdog..";
    private static final String NCCL = "dev.rollcall.nccl..";
    private static final String TOOLS = "dev.rollcall.tools..";

    private static final DescribedPredicate<JavaClass> OUTSIDE_SHM = resideInAPackage("dev.rollcall..")
            .and(resideOutsideOfPackages(SHM));

    @ArchTest
    static final ArchRule shmKnowsNoOtherModule = noClasses().that().resideInAPackage(SHM).should()
            .dependOnClassesThat(OUTSIDE_SHM);

    @ArchTest
    static final ArchRule rpcKnowsOnlyShm = noClasses().that().resideInAnyPackage(RPC)
            .should().dependOnClassesThat().resideInAnyPackage(WATCHDOG, NCCL, TOOLS)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule watchdogKnowsOnlyShm = noClasses().that().resideInAPackage(WATCHDOG)
            .should().dependOnClassesThat(resideInAnyPackage(RPC).or(resideInAnyPackage(NCCL, TOOLS)))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ncclKnowsNeitherRpcNorTools = noClasses().that().resideInAPackage(NCCL)
            .should().dependOnClassesThat(resideInAnyPackage(RPC).or(resideInAPackage(TOOLS)))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule internalsStayInTheirModule = noClasses().that().resideInAPackage("dev.rollcall..")
            .should(dependOnInternalsOfAnotherModule());

    @ArchTest
    static final ArchRule onlyToolsBindLoggingAndCommandLine = noClasses().that().resideOutsideOfPackage(TOOLS)
            .should().dependOnClassesThat().resideInAnyPackage("ch.qos.logback..", "picocli..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule metersAreOptional = noClasses().that()
            .resideOutsideOfPackages("dev.rollcall..micrometer..", "dev.rollcall.tools.sidecar..")
            .should().dependOnClassesThat().resideInAnyPackage("io.micrometer..", "dev.rollcall..micrometer..");

    private static ArchCondition<JavaClass> dependOnInternalsOfAnotherModule() {
        return new ArchCondition<>("depend on the internal packages of another module") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    JavaClass to = dependency.getTargetClass();
                    if (to.getPackageName().matches("dev\\.rollcall\\..*\\binternal\\b.*")
                            && !module(from).equals(module(to))) {
                        events.add(SimpleConditionEvent.satisfied(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** The third part of the package name; dev.rollcall.engine lives in rpc-executor. */
    private static String module(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        String module = parts.length > 2 ? parts[2] : "";
        return module.equals("engine") ? "rpc" : module;
    }
}
