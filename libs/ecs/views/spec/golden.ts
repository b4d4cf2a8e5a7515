import { goldensIn } from '#libs/testing-pure';

export const expectGolden = goldensIn(new URL('./goldens/', import.meta.url));
