namespace Sentio
{
    /// <summary>Description of a game's own sensor.</summary>
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

        /// <summary>Unique name, such as <c>quest_face</c>.</summary>
        public string Stream { get; private set; }

        /// <summary>Role: face (weights 0..1), ppg, ecg (microvolts), heart_rate (beats a
        /// minute), eda (microsiemens), resp, temp (degrees Celsius), accel (g), eeg (microvolts), input (statistics) or
        /// motion (head and hands).</summary>
        public string Role { get; private set; }

        /// <summary>Sampling rate of a signal in Hz; 0 for irregular samples, such as a face.</summary>
        public float RateHz { get; private set; }

        /// <summary>Channel names, at most 128; ARKit's or a headset's own for a face.</summary>
        public string[] Channels { get; private set; }

        /// <summary>The sensor whose consent it needs: headset for a face, eeg, input, motion, else body.</summary>
        public string Consent
        {
            get { return Role == "face" ? "headset" : Role == "eeg" || Role == "input" || Role == "motion" ? Role : "body"; }
        }
    }

    /// <summary>A sensor that the game reads itself, such as a headset's face tracking or a heart-rate strap.
    /// Implement one for your provider and add it to <see cref="SentioSensors"/>.</summary>
    public interface ISentioSensor
    {
        /// <summary>Description of the sensor. Return the same object unless it changes.</summary>
        SensorAbout About { get; }

        /// <summary>Writes the newest rows, one value for each channel and the oldest row first, and returns their
        /// number; 0 if there are none or it is not worn. <paramref name="rows"/> has the size of one request; keep
        /// further rows for the next call.</summary>
        int Read(float[] rows);
    }
}
