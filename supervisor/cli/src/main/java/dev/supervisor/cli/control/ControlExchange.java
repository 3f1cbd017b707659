package dev.supervisor.cli.control;

/** One request, which is answered once, at any time and by any thread. */
interface ControlExchange {

    ControlRequest request();

    void answer(ControlAnswer answer);

    /** Begins an answer that consists of lines, which come one by one. */
    Lines lines();

    /** The lines of an answer. None of its methods blocks. */
    interface Lines {

        /** Sends a line, or several, without a line feed at the end. Lines that a slow reader has no room for are dropped. */
        void send(String text);

        /** Ends the answer. */
        void end();

        /** Runs this when the answer has been sent to its end, or its reader has left. */
        void onClose(Runnable action);
    }

    /** Runs what may take a while, on a thread of its own; answers by an error if there is none. */
    void inBackground(Runnable work);

    /** Runs this later, unless the exchange has ended by then. */
    void after(java.time.Duration delay, Runnable action);
}
