package io.github.mbrl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every public or protected member says what it is, with each parameter, return value and checked exception. This is
 * doclint, except that up to JDK 17 it wants the comments of a record's components once more on its compact constructor.
 */
class JavadocTest {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Pattern COMPACT_CONSTRUCTOR = Pattern.compile("(public |protected )?[A-Z]\\w* \\{");

    @Test
    void nothingThatUsersSeeIsUndocumented() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var findings = new DiagnosticCollector<JavaFileObject>();
        try (Stream<Path> files = Files.walk(MAIN);
                StandardJavaFileManager manager =
                        compiler.getStandardFileManager(findings, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            var options = List.of(
                    "-Xdoclint:all/protected",
                    "-Xmaxwarns",
                    "10000",
                    "-Xmaxerrs",
                    "10000",
                    "-proc:none",
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-classpath",
                    System.getProperty("java.class.path"));
            var units = manager.getJavaFileObjectsFromPaths(sources);
            ((JavacTask) compiler.getTask(null, manager, findings, options, null, units)).analyze();
        }
        List<String> gaps = findings.getDiagnostics().stream()
                .filter(finding -> finding.getSource() != null)
                .filter(finding -> !onCompactConstructor(finding))
                .map(finding -> MAIN.toAbsolutePath()
                                .relativize(Path.of(finding.getSource().toUri())) + ":" + finding.getLineNumber() + " "
                        + finding.getMessage(Locale.ROOT))
                .toList();
        assertThat(gaps).as("gaps and mistakes in Javadoc").isEmpty();
    }

    private static boolean onCompactConstructor(Diagnostic<? extends JavaFileObject> finding) {
        String message = finding.getMessage(Locale.ROOT);
        if (!message.startsWith("no @param for ") && !message.equals("no comment")) {
            return false;
        }
        try {
            String line = finding.getSource()
                    .getCharContent(true)
                    .toString()
                    .lines()
                    .skip(finding.getLineNumber() - 1)
                    .findFirst()
                    .orElseThrow();
            return COMPACT_CONSTRUCTOR.matcher(line.strip()).matches();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
