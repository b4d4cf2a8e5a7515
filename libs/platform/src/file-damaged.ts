/** A small file of the data folder that does not hold what Waybill wrote there. The message names it and says what to do. */
export class FileDamaged extends Error {
  constructor(file: string, remedy: string) {
    super(`${file} is damaged: ${remedy}`);
    this.name = 'FileDamaged';
  }
}
