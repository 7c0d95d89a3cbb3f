package dev.concert.foundation.objectstore;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * A bucket. Sends each request once: whoever asks knows better whether and when to ask again, and a
 * retry that nobody sees would send an object twice.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofSeconds(30);
  private static final long SLOWEST_BYTES_PER_SECOND = 512 * 1024;

  /** For objects whose size is not known before: 4 GiB at the slowest. */
  private static final Duration LONGEST = Duration.ofHours(2);

  private static final int CONNECTIONS = 32;

  private static final int THREADS = 2;

  private final S3AsyncClient client;
  private final SdkEventLoopGroup threads;
  private final String bucket;

  private S3ObjectStore(S3AsyncClient client, SdkEventLoopGroup threads, String bucket) {
    this.client = client;
    this.threads = threads;
    this.bucket = bucket;
  }

  /** Asks nothing of the server yet. */
  public static S3ObjectStore open(S3Options options) {
    SdkEventLoopGroup threads = SdkEventLoopGroup.builder().numberOfThreads(THREADS).build();
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(Region.of(options.region()))
            .credentialsProvider(credentials(options))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .eventLoopGroup(threads)
                    .maxConcurrency(CONNECTIONS)
                    .connectionTimeout(CONNECTING)
                    .readTimeout(SHORTEST)
                    .writeTimeout(SHORTEST));
    options.endpoint().ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
    return new S3ObjectStore(builder.build(), threads, options.bucket());
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
      time = SHORTEST.plusSeconds(Files.size(file) / SLOWEST_BYTES_PER_SECOND);
    } catch (IOException e) {
      return Future.failedFuture(new ObjectStoreException("Cannot read the file to store", e));
    }
    return send(() ->
            client.putObject(
                put -> put.bucket(bucket).key(key).overrideConfiguration(within(time)), file))
        .mapEmpty();
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
                    head -> head.bucket(bucket).key(key).overrideConfiguration(within(SHORTEST)))));
  }

  @Override
  public Future<Void> delete(String key) {
    return send(() ->
            client.deleteObject(
                delete -> delete.bucket(bucket).key(key).overrideConfiguration(within(SHORTEST))))
        .mapEmpty();
  }

  /** The keys of all objects whose keys begin with this, a page at a time. */
  public Future<List<String>> list(String prefix) {
    return list(prefix, null, new ArrayList<>());
  }

  private Future<List<String>> list(String prefix, String after, List<String> found) {
    return send(() ->
            client.listObjectsV2(
                list ->
                    list.bucket(bucket)
                        .prefix(prefix)
                        .continuationToken(after)
                        .overrideConfiguration(within(SHORTEST))))
        .compose(
            page -> {
              page.contents().forEach(object -> found.add(object.key()));
              return Boolean.TRUE.equals(page.isTruncated())
                  ? list(prefix, page.nextContinuationToken(), found)
                  : Future.succeededFuture(found);
            });
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
