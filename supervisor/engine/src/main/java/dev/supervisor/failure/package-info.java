/**
 * The failure page: the answers to HTTP clients while no application serves.
 *
 * <p>To gates it is a backend like a generation. Its event loop and its classes exist from the start ({@link
 * dev.supervisor.failure.FailureLoop}), since it is needed most when no more descriptors are available. A {@link
 * dev.supervisor.Problem} is text: the failure, the places that compilers name, the causes with their frames, the
 * output.
 *
 * <p><b>Access.</b> Details are shown with {@code --build} or {@code --details}, on a listener on loopback, to requests
 * that {@link dev.supervisor.web.LocalRequests} accepts: the request has exactly one {@code Host}, which names this
 * machine, as does a target in absolute form; it is not HTTP/1.0; and no header names a proxy or a client's address. If
 * details are off, an accepted request gets {@code Failure.inTranscript}. Any other request always gets {@code
 * Failure.UNDISCLOSED}, so that no response format can leak more than another. Pages without details run no script.
 *
 * <p><b>Escaping</b> happens in one place for each medium: {@link dev.supervisor.web.Html} for HTML, {@link
 * dev.supervisor.text.VisibleText} for other text, and {@link dev.supervisor.text.EscapeSequences} for the sequences
 * that terminals obey, which are removed from a build's output as soon as it is read. The page's policy allows its own
 * style and script by their hashes, and nothing else.
 *
 * <p><b>Reloading.</b> While the page is visible, its script has a request under way to {@code
 * /.supervisor/failure/PROBLEM}. The response has begun, and ends with an event when another problem is shown or a
 * build serves ({@link dev.supervisor.failure.PageStreams}); the page then reloads. The user event {@code Superseded}
 * ends all these responses at once, so no drain waits for them, and their connections move. If a response ends without
 * an event, the supervisor has ended: the page sends requests until the supervisor is back. A page that answered a
 * request other than GET does not reload, and only says that there is another answer.
 *
 * <p><b>Long requests.</b> {@link dev.supervisor.web.RequestHeads} allows 128 KiB for the request line and 128 KiB for
 * the headers, since an application may accept long ones. It answers longer requests with 414 or 431, and reads on for
 * a moment, so that a reset does not destroy the answer. {@link dev.supervisor.failure.FailurePipeline} also serves
 * HTTP/2 by prior knowledge, with the same handler.
 *
 * <p><b>Editors.</b> A POST to {@code /.supervisor/editor/PROBLEM/NUMBER} opens a place, only while the failure page is
 * live. A page elsewhere can send one too, and a program can forge an {@code Origin}: so the origin must be the page's,
 * and the request must carry a token that only the page contains ({@link dev.supervisor.failure.EditorLinks}). The
 * request can choose only among the places that are shown. The command is started without a shell; a place fills words
 * and never adds any.
 */
@NullMarked
package dev.supervisor.failure;

import org.jspecify.annotations.NullMarked;
