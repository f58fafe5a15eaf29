namespace Sentio
{
    /// <summary>What a sensor of the game's own measures.</summary>
    public sealed class SensorAbout
    {
        /// <summary>Describes a sensor; see the members for what each means.</summary>
        public SensorAbout(string stream, string role, float rateHz, params string[] channels)
        {
            Stream = stream;
            Role = role;
            RateHz = rateHz;
            Channels = channels;
        }

        /// <summary>A name of its own, such as <c>quest_face</c>.</summary>
        public string Stream { get; private set; }

        /// <summary>What it measures: face (weights 0..1), ppg, ecg (microvolts), heart_rate (beats a
        /// minute), eda (microsiemens), resp, temp (degrees Celsius), accel (g) or eeg (microvolts).</summary>
        public string Role { get; private set; }

        /// <summary>Samples a second of a signal; 0 for what is read whenever it is asked for, as a face is.</summary>
        public float RateHz { get; private set; }

        /// <summary>The channels' names, at most 128; ARKit's or a headset's own for a face.</summary>
        public string[] Channels { get; private set; }

        /// <summary>Under which sensor of the person's consent it falls: headset for a face, eeg, or body for all
        /// else.</summary>
        public string Consent { get { return Role == "face" ? "headset" : Role == "eeg" ? "eeg" : "body"; } }
    }

    /// <summary>A sensor that the game can read and the sidecar cannot: a headset's face tracking and gaze, a heart
    /// strap. Write one for your provider, and hand it to <see cref="SentioSensors"/>.</summary>
    public interface ISentioSensor
    {
        /// <summary>What it measures. Give another one where that changes, and the same one where it does
        /// not.</summary>
        SensorAbout About { get; }

        /// <summary>Fills in the newest rows, one number a channel and the oldest first, and returns how many; 0 where
        /// there is nothing new or it is not worn. <paramref name="rows"/> has room for as many as can be sent at a
        /// time; what finds no room is for the next call.</summary>
        int Read(float[] rows);
    }
}
