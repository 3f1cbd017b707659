package dev.supervisor.text;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file can't be used, in the words of people: exceptions of {@code java.nio.file} have the name of the file as their message. */
public final class IoReason {

    private IoReason() {}

    /** Returns the reason, for a message that names the file already. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "it is no directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of this name is there already";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = e.getMessage();
        return message == null || e instanceof FileSystemException ? e.toString() : message;
    }

    /** Returns the reason likewise, with the file that it is about, if that is another one than the message names. */
    public static String of(IOException e, String named) {
        boolean isOther = e instanceof FileSystemException file
                && file.getFile() != null
                && !file.getFile().equals(named);
        return isOther ? ((FileSystemException) e).getFile() + ": " + of(e) : of(e);
    }
}
