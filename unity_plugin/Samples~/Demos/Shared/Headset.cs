using UnityEngine;
using UnityEngine.XR;

namespace Sentio.Demos
{
    /// <summary>Moves the camera with a headset, if one is worn.</summary>
    /// <remarks>Reads Unity's XR devices, so that any plug-in works (OpenXR, Oculus, ...) and none is
    /// required.</remarks>
    public sealed class Headset
    {
        private readonly Transform _eye;

        /// <summary>Moves <paramref name="eye"/>; <paramref name="seat"/> is the floor below the person.</summary>
        public Headset(Transform eye, Vector3 seat)
        {
            _eye = eye;
            Seat = seat;
        }

        /// <summary>The floor below the person.</summary>
        public Vector3 Seat { get; set; }

        /// <summary>Whether a headset moves the camera now.</summary>
        public bool IsWorn { get; private set; }

        /// <summary>Follows the headset; false if there is none.</summary>
        public bool Follow()
        {
            InputDevice device = InputDevices.GetDeviceAtXRNode(XRNode.CenterEye);
            Vector3 at = Vector3.zero;
            Quaternion turned = Quaternion.identity;
            IsWorn = device.isValid && device.TryGetFeatureValue(CommonUsages.centerEyePosition, out at)
                && device.TryGetFeatureValue(CommonUsages.centerEyeRotation, out turned);
            if (IsWorn)
            {
                _eye.localPosition = Seat + at;
                _eye.localRotation = turned;
            }
            return IsWorn;
        }
    }
}
