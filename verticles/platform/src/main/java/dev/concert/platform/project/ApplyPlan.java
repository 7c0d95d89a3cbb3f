package dev.concert.platform.project;

import java.util.List;

/**
 * What is done to the user's files in one go. The contents lie beside it.
 *
 * @param session whose agent made the changes
 * @param folder of that session
 * @param root the user's repository
 */
record ApplyPlan(String session, String folder, String root, List<Step> steps) {

  /**
   * @param before what the user's folder had at the path
   * @param after what it gets
   * @param merged whether that has the user's later changes in it as well
   */
  record Step(String path, PathContent before, PathContent after, boolean merged) {}
}
