package dev.concert.ensemble.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A stored response as bytes: lines compressed with Zstandard. The first line is {@code response}
 * or {@code problem}, a space, and the JSON of the whole response or of the error; the other lines
 * are the blocks as they were streamed.
 *
 * @param response the JSON exactly as it was sent; empty if the call failed
 * @param problem why the call failed
 * @param blocks the JSON of each block as it was sent
 */
record EncodedResponse(Optional<String> response, Optional<Problem> problem, List<String> blocks) {
  private static final String RESPONSE = "response ";
  private static final String PROBLEM = "problem ";

  static byte[] encode(CallReport.End end, List<Block> blocks, ZstdCompressCtx compressor) {
    StringBuilder lines = new StringBuilder();
    switch (end) {
      case CallReport.End.Answered answered ->
          lines.append(RESPONSE).append(json(answered.response()));
      case CallReport.End.Failed failed -> lines.append(PROBLEM).append(json(failed.problem()));
      case CallReport.End.Left left ->
          throw new IllegalArgumentException("A response whose client left is not stored");
    }
    for (Block block : blocks) {
      lines.append('\n').append(json(block));
    }
    return compressor.compress(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  static EncodedResponse decode(byte[] bytes) {
    byte[] plain = Zstd.decompress(bytes, Math.toIntExact(Zstd.getFrameContentSize(bytes)));
    // JSON on one line contains no raw line break.
    List<String> lines = List.of(new String(plain, StandardCharsets.UTF_8).split("\n"));
    String first = lines.getFirst();
    List<String> blocks = lines.subList(1, lines.size());
    return first.startsWith(RESPONSE)
        ? new EncodedResponse(
            Optional.of(first.substring(RESPONSE.length())), Optional.empty(), blocks)
        : new EncodedResponse(
            Optional.empty(), Optional.of(problem(first.substring(PROBLEM.length()))), blocks);
  }

  StoredResponse of(StoredResponse.Facts call) {
    return new StoredResponse(call, response, problem, blocks);
  }

  private static Problem problem(String json) {
    try {
      return Json.MAPPER.readValue(json, Problem.class);
    } catch (IOException e) {
      throw new UncheckedIOException("A stored response cannot be read", e);
    }
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode the record: " + value.getClass(), e);
    }
  }
}
