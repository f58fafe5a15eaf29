using System.IO;

namespace Sentio
{
    /// <summary>A message of a frame file and its time, seconds since the first.</summary>
    internal struct FrameRecord
    {
        /// <summary>Seconds since the first record.</summary>
        public double Time;

        /// <summary>The message as it was published.</summary>
        public byte[] Message;
    }
}
