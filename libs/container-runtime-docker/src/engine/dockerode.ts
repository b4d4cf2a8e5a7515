import './dockerode-parts.ts';
import Docker from 'dockerode';

export { Docker };
