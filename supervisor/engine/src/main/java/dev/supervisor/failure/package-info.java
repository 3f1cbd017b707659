/**
 * The failure page: the answers to HTTP clients while no application serves.
 *
 * <p>To gates it is a backend like a generation. Its event loop and its classes exist from the start
 * ({@link dev.supervisor.failure.FailureLoop}), since it is needed most when there is no descriptor. A
 * {@link dev.supervisor.Problem} is text: the failure, the places that compilers name, the causes with their frames,
 * the output.
 *
 * <p><b>Who may see it.</b> Details are shown with {@code --build} or {@code --details}, on a listener on loopback, to
 * requests that {@link dev.supervisor.web.LocalRequests} accepts: exactly one {@code Host}, which is of this machine,
 * as is an absolute target; no HTTP 1.0; no header that names a proxy or a client's address. Without details, such a
 * request gets {@code Failure.IN_TRANSCRIPT}. Any other request always gets {@code Failure.UNDISCLOSED}, so no form of
 * an answer can leak another; these pages run no script.
 *
 * <p><b>Escaping</b> happens in one place for each medium: {@link dev.supervisor.web.Html} for HTML,
 * {@link dev.supervisor.text.VisibleText} for other text, and {@link dev.supervisor.text.EscapeSequences} for the
 * sequences that terminals obey, which are removed from a build's output as soon as it is read. The page allows its
 * own style and script by their hashes, and nothing else.
 *
 * <p><b>Reloading.</b> While the page is visible, its script has a request under way to {@code
 * /.supervisor/failure/PROBLEM}. The response has begun, and ends with an event when another problem is shown or a
 * build serves ({@link dev.supervisor.failure.PageStreams}); the page then reloads. The user event {@code Superseded}
 * ends all of them at once, so no drain waits for them, and their connections move. An end without an event is the end
 * of the supervisor: the page asks until that is back. The page of a request other than GET only says that there is
 * another answer.
 *
 * <p><b>Long requests.</b> {@link dev.supervisor.web.RequestHeads} allows 128 KiB for the request line and as much for
 * the headers, since an application may take a lot. Beyond, it answers 414 or 431 and reads on for a moment, so that a
 * reset does not destroy the answer. The same handler answers HTTP/2 by prior knowledge
 * ({@link dev.supervisor.failure.FailurePipeline}).
 *
 * <p><b>Editors.</b> A POST to {@code /.supervisor/editor/PROBLEM/NUMBER} opens a place, only while the failure page
 * is live. A page elsewhere can send one too, and a program can forge an {@code Origin}: the origin must be the
 * page's, and the request must carry a token that only the page contains ({@link dev.supervisor.failure.EditorLinks}).
 * The request can choose only among the places that are shown. The command is started without a shell; a place fills
 * words and never makes any.
 */
@NullMarked
package dev.supervisor.failure;

import org.jspecify.annotations.NullMarked;
