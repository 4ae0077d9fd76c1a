package io.github.mbrl4j.gym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.EnvException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the Python process begins and ends. */
class GymnasiumProcessTest {

    private static final GymnasiumConfig CONFIG = GymnasiumEnvTest.CONFIG;
    private static final String TROUBLE = "odd_envs:Troublesome-v0";

    @Test
    void aMissingPythonIsSaid() {
        GymnasiumConfig config = GymnasiumConfig.defaults().withPython("no-such-python");
        assertThatThrownBy(() -> GymnasiumEnv.make("Pendulum-v1", Map.of(), config))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("the configuration names no-such-python, which cannot be started")
                .hasMessageContaining("expected a Python's program");
    }

    @Test
    void whatIsNoPythonIsSaid() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        assertThatThrownBy(
                        () -> GymnasiumProcess.start(GymnasiumConfig.defaults().withPython(java)))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("starting Python: ")
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("-u");
    }

    @Test
    void aMissingPackageIsSaidWithTheRemedy(@TempDir Path directory) throws IOException {
        Python.requireGymnasium();
        Files.writeString(
                directory.resolve("gymnasium.py"),
                "raise ModuleNotFoundError(\"No module named 'gymnasium'\", name='gymnasium')");
        assertThatThrownBy(() -> GymnasiumProcess.start(CONFIG.withModulePath(List.of(directory))))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("has no package gymnasium; maybe: ")
                .hasMessageContaining("-m pip install gymnasium");
    }

    @Test
    void durationsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CONFIG.withTimeout(Duration.ZERO))
                .withMessageContaining("timeout is PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> CONFIG.withStartTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void aCrashIsShownWithItsLastWords() {
        Python.requireGymnasium();
        try (GymnasiumEnv env = GymnasiumEnv.make(TROUBLE, Map.of(), CONFIG)) {
            env.reset(1);
            assertThatThrownBy(() -> env.step(new double[] {3}))
                    .isInstanceOf(EnvException.class)
                    .hasMessageStartingWith(TROUBLE + ", step 1: the Python process ended unexpectedly, exit code 3")
                    .hasMessageEndingWith("last words before the crash");
            assertThatThrownBy(() -> env.reset(1))
                    .isInstanceOf(EnvException.class)
                    .hasMessageContaining("the Python process is gone")
                    .hasMessageContaining("exit code 3");
        }
    }

    @Test
    void aKilledPythonIsNoticed() throws Exception {
        Python.requireGymnasium();
        try (GymnasiumEnv env = GymnasiumEnv.make("Pendulum-v1", Map.of(), CONFIG)) {
            env.reset(1);
            ProcessHandle handle = ProcessHandle.of(env.process().pid()).orElseThrow();
            handle.destroyForcibly();
            handle.onExit().get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> env.step(new double[1]))
                    .isInstanceOf(EnvException.class)
                    .hasMessageContaining("ended unexpectedly, exit code");
        }
    }

    @Test
    void aPythonThatHangsIsEnded() {
        Python.requireGymnasium();
        try (GymnasiumEnv env = GymnasiumEnv.make(TROUBLE, Map.of(), CONFIG.withTimeout(Duration.ofMillis(300)))) {
            env.reset(1);
            assertThatThrownBy(() -> env.step(new double[] {4}))
                    .isInstanceOf(EnvException.class)
                    .hasMessageContaining("step 1: there was no reply within 0.3 s, so it was ended");
            assertThat(env.process().isAlive()).isFalse();
        }
    }

    @Test
    void closingEndsPython() {
        Python.requireGymnasium();
        GymnasiumEnv env = GymnasiumEnv.make("Pendulum-v1", Map.of(), CONFIG);
        env.reset(1);
        env.close();
        env.close();
        assertThat(env.process().isAlive()).isFalse();
        assertThatThrownBy(() -> env.process().make("Pendulum-v1"))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("it has been closed");
    }

    /** Makes two environments, one of which is busy for a minute, and says which processes serve them. */
    static final class Victim {
        private Victim() {}

        public static void main(String... args) {
            GymnasiumEnv idle = GymnasiumEnv.make("Pendulum-v1", Map.of(), CONFIG);
            GymnasiumEnv busy = GymnasiumEnv.make(TROUBLE, Map.of(), CONFIG);
            busy.reset(1);
            System.out.println(idle.process().pid() + " " + busy.process().pid());
            busy.step(new double[] {4});
        }
    }

    @Test
    void pythonEndsWithAKilledJvm() throws Exception {
        Python.requireGymnasium();
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process victim = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), "-Xmx128m", Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            String[] pids = said.readLine().split(" ");
            List<ProcessHandle> children = List.of(
                    ProcessHandle.of(Long.parseLong(pids[0])).orElseThrow(),
                    ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow());
            victim.destroyForcibly();
            for (ProcessHandle child : children) {
                child.onExit().get(20, TimeUnit.SECONDS);
                assertThat(child.isAlive()).isFalse();
            }
        } finally {
            victim.destroyForcibly();
        }
    }
}
