/** Where containers of ECS find the metadata of their task, on port 80. */
export const METADATA_ADDRESS = '169.254.170.2';
/** The port of an ECS agent; tasks may not have it. Port 80 itself is left to tasks that publish it. */
export const METADATA_PORT = 51_679;
