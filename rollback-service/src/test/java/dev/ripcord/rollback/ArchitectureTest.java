package dev.ripcord.rollback;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ripcord.rollback", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_core_knows_only_java_and_the_contracts = classes()
            .that()
            .resideInAPackage("..core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.ripcord.rollback.core..",
                    "dev.ripcord.events..",
                    "dev.ripcord.databases..");

    @ArchTest
    static final ArchRule nothing_depends_on_the_intake = noClasses()
            .that()
            .resideOutsideOfPackage("..intake..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..intake..");

    @ArchTest
    static final ArchRule there_are_no_circles =
            slices().matching("dev.ripcord.rollback.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule services_do_not_know_each_other = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.ripcord.snapshot..", "dev.ripcord.verifier..", "dev.ripcord.notifier..");
}
