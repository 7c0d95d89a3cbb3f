package dev.concert.foundation.objectstore;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * A bucket. Sends each request once: whoever asks knows better whether and when to ask again, and a
 * retry that nobody sees would send an object twice.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SLOWEST_BYTES_PER_SECOND = 512 * 1024;

  /** For objects whose size is not known before: 4 GiB at the slowest. */
  private static final Duration LONGEST = Duration.ofHours(2);

  private static final long LARGEST_IN_MEMORY = 32L * 1024 * 1024;

  private static final int CONNECTIONS = 32;

  private static final int THREADS = 2;

  private final S3AsyncClient client;
  private final SdkEventLoopGroup threads;
  private final String bucket;
  private final Duration patience;

  private S3ObjectStore(
      S3AsyncClient client, SdkEventLoopGroup threads, String bucket, Duration patience) {
    this.client = client;
    this.threads = threads;
    this.bucket = bucket;
    this.patience = patience;
  }

  /** An object as a listing names it. */
  public record Listed(String key, Instant modified) {}

  /** Asks nothing of the server yet. */
  public static S3ObjectStore open(S3Options options) {
    return open(options, PATIENCE);
  }

  /**
   * Asks nothing of the server yet.
   *
   * @param patience how long a request without content may take, and how long the server may be
   *     silent in any other
   */
  public static S3ObjectStore open(S3Options options, Duration patience) {
    SdkEventLoopGroup threads = SdkEventLoopGroup.builder().numberOfThreads(THREADS).build();
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(Region.of(options.region()))
            .credentialsProvider(credentials(options))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .eventLoopGroup(threads)
                    .proxyConfiguration(proxy(options))
                    .maxConcurrency(CONNECTIONS)
                    .connectionTimeout(CONNECTING.compareTo(patience) < 0 ? CONNECTING : patience)
                    .readTimeout(patience)
                    .writeTimeout(patience));
    options.endpoint().ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
    return new S3ObjectStore(builder.build(), threads, options.bucket(), patience);
  }

  /**
   * Not what the SDK makes of the variables: it takes {@code HTTP_PROXY} for encrypted connections,
   * too, and knows fewer forms of {@code NO_PROXY}.
   */
  private static ProxyConfiguration proxy(S3Options options) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    options
        .proxy()
        .ifPresent(
            one ->
                proxy
                    .scheme("http")
                    .host(one.getHost())
                    .port(one.getPort())
                    .username(one.getUsername())
                    .password(one.getPassword()));
    return proxy.build();
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    return options
        .credentials()
        .<AwsCredentialsProvider>map(
            known ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(known.keyId(), known.secret())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static AwsRequestOverrideConfiguration within(Duration time) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(time).build();
  }

  @Override
  public Future<Void> put(String key, Path file) {
    Duration time;
    try {
      time = timeFor(Files.size(file));
    } catch (IOException e) {
      return Future.failedFuture(new ObjectStoreException("Cannot read the file to store", e));
    }
    return send(() ->
            client.putObject(
                put -> put.bucket(bucket).key(key).overrideConfiguration(within(time)), file))
        .mapEmpty();
  }

  private Duration timeFor(long bytes) {
    return patience.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }

  @Override
  public Future<Void> put(String key, byte[] content) {
    return send(() ->
            client.putObject(
                put ->
                    put.bucket(bucket)
                        .key(key)
                        .overrideConfiguration(within(timeFor(content.length))),
                AsyncRequestBody.fromBytes(content)))
        .mapEmpty();
  }

  @Override
  public Future<Optional<byte[]>> get(String key) {
    return send(() ->
            client.getObject(
                get ->
                    get.bucket(bucket)
                        .key(key)
                        .overrideConfiguration(within(timeFor(LARGEST_IN_MEMORY))),
                AsyncResponseTransformer.<GetObjectResponse>toBytes()))
        .map(bytes -> Optional.of(bytes.asByteArrayUnsafe()))
        .recover(
            failure ->
                isMissing(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  @Override
  public Future<Boolean> get(String key, Path into) {
    return found(
        send(
            () ->
                client.getObject(
                    get -> get.bucket(bucket).key(key).overrideConfiguration(within(LONGEST)),
                    into)));
  }

  @Override
  public Future<Boolean> has(String key) {
    return found(
        send(
            () ->
                client.headObject(
                    head -> head.bucket(bucket).key(key).overrideConfiguration(within(patience)))));
  }

  @Override
  public Future<Void> delete(String key) {
    return send(() ->
            client.deleteObject(
                delete -> delete.bucket(bucket).key(key).overrideConfiguration(within(patience))))
        .mapEmpty();
  }

  /** The keys of all objects whose keys begin with this. */
  public Future<List<String>> list(String prefix) {
    List<String> found = new ArrayList<>();
    return each(
            prefix,
            page -> {
              page.forEach(object -> found.add(object.key()));
              return Future.succeededFuture();
            })
        .map(found);
  }

  /**
   * Goes through all objects whose keys begin with this.
   *
   * @param work is given up to a thousand at a time, and the next when its future has ended
   */
  public Future<Void> each(String prefix, Function<List<Listed>, Future<Void>> work) {
    return each(prefix, null, work);
  }

  private Future<Void> each(
      String prefix, String after, Function<List<Listed>, Future<Void>> work) {
    return page(prefix, null, after)
        .compose(
            page ->
                work.apply(
                        page.contents().stream()
                            .map(object -> new Listed(object.key(), object.lastModified()))
                            .toList())
                    .compose(
                        done ->
                            Boolean.TRUE.equals(page.isTruncated())
                                ? each(prefix, page.nextContinuationToken(), work)
                                : Future.succeededFuture()));
  }

  /** What follows a prefix in keys, up to the next slash and with it, each once. */
  public Future<List<String>> folders(String prefix) {
    return folders(prefix, null, new ArrayList<>());
  }

  private Future<List<String>> folders(String prefix, String after, List<String> found) {
    return page(prefix, "/", after)
        .compose(
            page -> {
              page.commonPrefixes()
                  .forEach(folder -> found.add(folder.prefix().substring(prefix.length())));
              return Boolean.TRUE.equals(page.isTruncated())
                  ? folders(prefix, page.nextContinuationToken(), found)
                  : Future.succeededFuture(found);
            });
  }

  private Future<ListObjectsV2Response> page(String prefix, String delimiter, String after) {
    return send(
        () ->
            client.listObjectsV2(
                list ->
                    list.bucket(bucket)
                        .prefix(prefix)
                        .delimiter(delimiter)
                        .continuationToken(after)
                        .overrideConfiguration(within(patience))));
  }

  private static Future<Boolean> found(Future<?> answer) {
    return answer.transform(
        result ->
            result.succeeded()
                ? Future.succeededFuture(true)
                : isMissing(result.cause())
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(result.cause()));
  }

  private static boolean isMissing(Throwable failure) {
    return failure.getCause() instanceof NoSuchKeyException;
  }

  private static <T> Future<T> send(Supplier<CompletableFuture<T>> request) {
    return Future.fromCompletionStage(request.get()).recover(S3ObjectStore::failed);
  }

  private static <T> Future<T> failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message =
        switch (cause) {
          case SdkServiceException refused ->
              "The object store answered with status " + refused.statusCode();
          case SdkException lost -> "The object store cannot be reached: " + lost.getMessage();
          default -> "The object store could not be asked";
        };
    return Future.failedFuture(new ObjectStoreException(message, cause));
  }

  @Override
  public void close() {
    client.close();
    // By itself it would wait two seconds for more work.
    threads.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
