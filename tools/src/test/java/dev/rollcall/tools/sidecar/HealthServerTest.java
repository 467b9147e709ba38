package dev.rollcall.tools.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.watchdog.HealthCheck;
import dev.rollcall.watchdog.HealthCheck.Status;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HealthServerTest {
    private volatile Supplier<String> metrics = () -> "rollcall_group_up 1.0\n";
    private volatile HealthCheck now = new HealthCheck(Status.HEALTHY, "nobody is suspected");
    private final HealthServer server = new HealthServer(HealthServer.address("127.0.0.1:0", false), () -> now,
            () -> metrics.get());
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void shouldBeGreenUnderSuspicionAndRedOnAHang() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"HEALTHY\",\"reason\":\"nobody is suspected\"}\n");
        now = new HealthCheck(Status.SUSPECT, "rank 1 BLOCKED");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        now = new HealthCheck(Status.HUNG, "rank 1 BLOCKED");
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).contains("HUNG", "rank 1");
        now = new HealthCheck(Status.GONE, "closed");
        assertThat(get("/health").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldAnswerNothingElse() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/health/x").statusCode()).isEqualTo(404);
        HttpRequest post = request("/health").POST(BodyPublishers.ofString("x")).build();
        assertThat(client.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
        HttpRequest head = request("/health").HEAD().build();
        assertThat(client.send(head, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", "0.0.0.0:8080", "localhost:8080", "127.0.0.1:", "127.0.0.1:70000",
            "127.0.0.1:-1",
            "192.168.0.1:80", "127.0.0.999:80"})
    void shouldListenOnLoopbackOnly(String address) {
        assertThatThrownBy(() -> HealthServer.address(address, false)).isInstanceOf(UnfitException.class)
                .hasMessageContaining("127.0.0.1:8080");
    }

    @Test
    void shouldListenBeyondWhenTold() {
        assertThatThrownBy(() -> HealthServer.address("0.0.0.0:8080", false)).hasMessageContaining("--expose");
        assertThat(HealthServer.address("0.0.0.0:8080", true).getAddress().isAnyLocalAddress()).isTrue();
        assertThat(HealthServer.address("[2001:db8::1]:80", true).getPort()).isEqualTo(80);
        assertThatThrownBy(() -> HealthServer.address("localhost:8080", true)).isInstanceOf(UnfitException.class);
    }

    @Test
    void shouldAnswerMetricsInTheFormatOfPrometheus() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).isEqualTo("rollcall_group_up 1.0\n");
        metrics = () -> {
            throw new IllegalStateException("broken");
        };
        assertThat(get("/metrics").statusCode()).isEqualTo(500);
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTakeTheOtherLoopbackToo() {
        InetAddress address = HealthServer.address("[::1]:80", false).getAddress();
        assertThat(address.isLoopbackAddress()).isTrue();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(10));
    }
}
