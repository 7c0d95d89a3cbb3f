package dev.concert.ensemble;

/** Bodies that several tests send. */
public final class Requests {
  public static final String REAL = ofModel("real");
  public static final String DEMO = ofModel("demo");

  private Requests() {}

  public static String ofModel(String model) {
    return """
        {"model":"%s","max_tokens":1000,"messages":[
          {"role":"system","content":"Be brief."},{"role":"user","content":"hello"}],
         "tools":[{"name":"read_file","description":"Reads","parameters":{"type":"object"}}]}"""
        .formatted(model);
  }
}
