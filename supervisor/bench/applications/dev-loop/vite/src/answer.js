export const text = "build 0.";
