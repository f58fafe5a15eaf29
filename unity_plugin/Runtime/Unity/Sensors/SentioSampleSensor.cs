using UnityEngine;

namespace Sentio
{
    /// <summary>A signal that the game receives, such as a pulse wave or heart rate over Bluetooth: push each
    /// sample, and <see cref="SentioSensors"/> sends them.</summary>
    /// <remarks>Thread-safe. Samples that are not read within some seconds are dropped, the oldest first.</remarks>
    [AddComponentMenu("Sentio/Sentio Sample Sensor")]
    public sealed class SentioSampleSensor : MonoBehaviour, ISentioSensor
    {
        private const int MostRows = 2048;

        [SerializeField, Tooltip("Unique name of the stream.")]
        private string stream = "strap";

        [SerializeField, Tooltip("ppg, ecg (microvolts), heart_rate (beats a minute), eda (microsiemens), resp, temp (degrees Celsius), accel (g) or eeg (microvolts).")]
        private string role = "ppg";

        [SerializeField, Min(0f), Tooltip("Sampling rate in Hz; 0 for irregular samples, such as a heart rate.")]
        private float rateHz = 64f;

        [SerializeField, Tooltip("The channels' names.")]
        private string[] channels = { "ppg" };

        private readonly object _gate = new object();
        private SensorAbout _about;
        private float[] _ring;
        private int _first, _count;

        /// <summary>Number of dropped rows.</summary>
        public int Dropped { get; private set; }

        /// <inheritdoc/>
        public SensorAbout About { get { lock (_gate) return Made(); } }

        /// <summary>Sets the description and clears pushed samples.</summary>
        public void Describe(SensorAbout about)
        {
            lock (_gate)
            {
                stream = about.Stream;
                role = about.Role;
                rateHz = about.RateHz;
                channels = about.Channels;
                _about = about;
                _ring = null;
            }
        }

        /// <summary>Adds one sample with one value for each channel; false if the count differs.</summary>
        public bool Push(params float[] row)
        {
            lock (_gate)
            {
                int width = Made().Channels.Length;
                if (row == null || row.Length != width) return false;
                if (_ring == null)
                {
                    _ring = new float[MostRows * width];
                    _first = _count = 0;
                }
                if (_count == MostRows)
                {
                    _first = (_first + 1) % MostRows;
                    _count--;
                    Dropped++;
                }
                System.Array.Copy(row, 0, _ring, (_first + _count) % MostRows * width, width);
                _count++;
                return true;
            }
        }

        /// <inheritdoc/>
        public int Read(float[] rows)
        {
            lock (_gate)
            {
                int width = Made().Channels.Length, taken = 0;
                while (_ring != null && _count > 0 && (taken + 1) * width <= rows.Length)
                {
                    System.Array.Copy(_ring, _first * width, rows, taken * width, width);
                    _first = (_first + 1) % MostRows;
                    _count--;
                    taken++;
                }
                return taken;
            }
        }

        private void OnValidate() { lock (_gate) _about = null; }

        private SensorAbout Made()
        {
            if (_about != null) return _about;
            _ring = null;
            return _about = new SensorAbout(stream, role, rateHz, channels);
        }
    }
}
